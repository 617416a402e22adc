import type { Json } from '../base/canonical.js';
import type { Place } from '../base/source.js';
import type { StageKeyword } from '../language/ast.js';
import type { Resources } from '../language/program.js';
import type { ImagesPart, Type } from '../language/types.js';
import type { PointCode } from './point-code.js';

/** Axis → label; the identity of a point. */
export type Point = Readonly<Record<string, string>>;

/**
 * A parameter as plain data with units normalised. What is not plain stands as a tagged record:
 * `{input: id}` an artifact of another stage, `{metric: [id, field]}` a number of another stage,
 * `{file: path}` and `{folder: path}` content on disk (relative to the program's file), `{env: [name]}` an unset variable, `{env: {name, secret: digest}}` a secret,
 * `{record: {…}}` a record of the user's that has one of these names as a field,
 * `{describe: "std.ssl.simclr", version: 1, args: {…}}` a pure description.
 */
export type Resolved = Json;

/** A parameter, and of which parameter's images it names an attribute or a split. */
export interface Named {
  readonly param: string;
  readonly part: ImagesPart;
  readonly of: string;
}

/** What decides whether a training goes on: how its rivals did after the epochs before. */
export interface Rungs {
  /** Its own label along the axis `over`. */
  readonly label: string;
  readonly over: string;
  /** What is compared, as it is written, and the metric's name. */
  readonly by: string;
  readonly metric: string;
  readonly smallest: boolean;
  readonly factor: number;
  /** Ascending. */
  readonly of: readonly Rung[];
}

/** An epoch, and where each rival's value after it is found: in the order of the axis. */
export interface Rung {
  readonly epoch: number;
  readonly rivals: readonly { readonly label: string; readonly id: string }[];
}

/** One point of one stage, before its inputs exist: what `plan/unfold.ts` makes of a program. */
export interface StagePoint {
  /** `name[axis=label,…]` with axes sorted, or just `name`. */
  readonly id: string;
  readonly name: string;
  /** The declared stage that does the work: `std.train.pretrain`. */
  readonly stage: string;
  readonly version: number;
  readonly keyword: StageKeyword | undefined;
  /** `Images`, `Pairs`, `Encoder`, `Features`, `Metrics`, `Files`. */
  readonly result: string;
  /** For `Metrics`: the declared fields and their types. */
  readonly fields?: Readonly<Record<string, Type>>;
  /** For a stage of the user's own: its declared result, `Metrics{top1: Fraction}`. */
  readonly declared?: string;
  /** For a stage of the user's own: what does its work. */
  readonly code?: PointCode;
  readonly point: Point;
  /** Every parameter of the declaration, defaults filled in. */
  readonly params: Readonly<Record<string, Resolved>>;
  /** Where each parameter was written (or its default declared), by path: `params.views.args.scale`. */
  readonly places: Readonly<Record<string, Place>>;
  /** Parameters that name an attribute or a split of the images that another parameter takes. */
  readonly names?: readonly Named[];
  /** The types of parameters that take a number of another stage, which is held against their bounds when it is there. */
  readonly bounds?: Readonly<Record<string, Type>>;
  /** Of a training: the epochs after which its encoder is kept; in no key. */
  readonly keep?: readonly number[];
  /** Of the encoder that a training had on its way: after this epoch. */
  readonly epoch?: number;
  /** Of a training that halving may give up: what decides it. */
  readonly rungs?: Rungs;
  /** Ids of the points that it reads, or that have to be there before it, sorted. */
  readonly inputs: readonly string[];
  readonly resources: Resources;
  /** Variables of the environment that it needs and that are not set, sorted. */
  readonly unset: readonly string[];
  readonly at: Place;
}

/** What decides bits beside the parameters; none for stages that do not compute with tensors. */
export interface NumericClass {
  readonly device: 'cpu' | 'cuda';
  readonly precision: 'fp32' | 'bf16';
  /** A GPU may multiply float32 with ten bits after the point. Absent where it does not. */
  readonly tf32?: true;
  /** Training op by op rounds otherwise than as one graph. Absent where it is one graph. */
  readonly mode?: 'eager';
}

/**
 * The record whose digest is a stage's key. Inputs stand as `{artifact: digest}`, files as
 * `{file: digest}` and `{folder: digest}`. It holds meaning alone: no names of variables, paths,
 * times or machines.
 */
export interface KeyRecord {
  readonly format: 'ssp-key/1';
  readonly stage: string;
  readonly version: number;
  readonly params: Readonly<Record<string, Json>>;
  readonly numeric: NumericClass | null;
  /** Of the encoder that a training had on its way: after this epoch; the rest is that of the training. */
  readonly epoch?: number;
  /**
   * For a stage of the user's own: the content of its module, or its command and what that reads; and
   * what is otherwise now than an earlier result has seen it (`plan/seen.ts`).
   */
  readonly code?: Json;
}

/** `drop`: halving went on without it. */
export type Action = 'hit' | 'run' | 'await' | 'drop';

/** One difference between two key records. `before` or `after` is absent where a path was added or removed. */
export interface Change {
  /** `params.views.args.grayscale`. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly at?: Place;
}

/**
 * Why a stage is a hit, runs or waits.
 * `cached`: a record with this key exists · `new`: nothing like it was computed before ·
 * `changed`: differs from the latest record of this stage by `changes` ·
 * `lost`: the record exists, its content does not (quarantined or deleted) ·
 * `upstream`: its key waits for an input that has to run · `environment`: waits for a variable ·
 * `content`: waits for a file or folder that is not on this machine ·
 * `dropped`: halving went on without it, or without what it reads, as `why` says ·
 * `recalled`: without that, a result is shown that agrees in everything else.
 */
export interface Reason {
  readonly kind:
    | 'cached'
    | 'new'
    | 'changed'
    | 'lost'
    | 'upstream'
    | 'environment'
    | 'content'
    | 'dropped'
    | 'recalled';
  readonly changes: readonly Change[];
  /** The inputs, variables, files and folders that it waits for, is shown without, or is dropped with. */
  readonly waitsFor?: readonly string[];
  /** Of what halving dropped, and of a hit that somebody has accepted. */
  readonly why?: string;
}

/** A point with its key, if known, and what is to be done with it. */
export interface PlannedStage extends StagePoint {
  readonly key: string | undefined;
  readonly record: KeyRecord | undefined;
  readonly action: Action;
  readonly reason: Reason;
}

export interface Plan {
  readonly file: string;
  /** Every stage stands after its inputs. */
  readonly stages: readonly PlannedStage[];
  /** How many points of each action; `drop` where there are any. */
  readonly summary: Readonly<Record<Exclude<Action, 'drop'>, number>> & { readonly drop?: number };
}
