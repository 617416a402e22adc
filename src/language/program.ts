import type { Json } from '../base/canonical.js';
import type { SourceFile, Span } from '../base/source.js';
import type { BinaryOperator, StageKeyword } from './ast.js';
import type { Type } from './types.js';

/**
 * A checked file: names resolved, types checked, defaults filled, params set, axes known.
 * Lets, imports and names of variables are gone: what is left is what the experiment means.
 */
export interface Program {
  readonly file: SourceFile;
  readonly doc: string | undefined;
  readonly params: readonly Param[];
  readonly axes: readonly Axis[];
  /** In an order in which every stage stands after the stages that it uses. */
  readonly stages: readonly Stage[];
  readonly reports: readonly Report[];
  readonly expects: readonly Expect[];
  readonly references: readonly Reference[];
}

export interface Param {
  readonly name: string;
  readonly type: Type;
  readonly value: Json;
  readonly doc: string | undefined;
  readonly span: Span;
}

/**
 * A name that stands for several values. A value that is made by a stage is a `stage` term whose
 * stage has the axis's name.
 */
export interface Axis {
  readonly name: string;
  /** What readers see instead of the name. */
  readonly shown?: string | undefined;
  readonly doc: string | undefined;
  readonly labels: readonly AxisLabel[];
  readonly span: Span;
}

export interface AxisLabel {
  readonly label: string;
  /** What readers see instead of the label. */
  readonly shown?: string | undefined;
  readonly value: Term;
  readonly span: Span;
}

/** A table of stage calls over its axes (`dims`, sorted by name). */
export interface Stage {
  /** `encoder`, `transfer.on` for a call inside an argument, `pairs` for the values of an axis. */
  readonly name: string;
  /** None for a stage inside an argument or an axis. */
  readonly keyword: StageKeyword | undefined;
  readonly type: Type;
  readonly dims: readonly string[];
  /**
   * The calls; for a point the first whose conditions all hold. One without conditions for a
   * declared stage, one for each label for the values of an axis.
   */
  readonly calls: readonly GuardedCall[];
  /** Keeps the points where it is true. */
  readonly where: Term | undefined;
  readonly resources: Resources;
  /** Of the encoders that a training had on its way: the stage of the training. Its axis `at` is the epoch. */
  readonly training?: string;
  /** Of a training and the encoders on its way: which of its points are given up. */
  readonly halving?: Halving;
  readonly doc: string | undefined;
  readonly span: Span;
}

/** After each epoch that trainings keep, the best of those that differ along an axis go on. */
export interface Halving {
  readonly over: string;
  /** What they are compared by: a metric of an evaluation, as it is written. */
  readonly by: {
    readonly stage: string;
    readonly metric: string;
    readonly text: string;
    readonly span: Span;
  };
  /** The smaller, the better. */
  readonly smallest: boolean;
  /** One of so many goes on. */
  readonly factor: number;
}

export interface GuardedCall {
  readonly when: readonly { readonly axis: string; readonly label: string }[];
  readonly call: Call;
}

/** A call of a declared stage or value, with every parameter filled in. */
export interface Call {
  readonly extern: Extern;
  /** In the order of the declaration. */
  readonly args: readonly Arg[];
  /** Of a training: what it keeps on its way. */
  readonly keep?: Keep;
  readonly span: Span;
}

/** The epochs after which a training keeps its encoder, ascending, and how many it has. */
export interface Keep {
  readonly epochs: readonly number[];
  readonly length: Term;
}

export interface Arg {
  readonly name: string;
  readonly value: Term;
  /** Where it was written, or the default's declaration. */
  readonly span: Span;
  /** True when the default was filled in. */
  readonly filled: boolean;
}

/** What a stage needs from the machine, and when it is given up; never in a key. */
export interface Resources {
  readonly gpus?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly cpus?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** Epochs in a row that a collapse may show before a training is stopped. */
  readonly collapsedEpochs?: number | undefined;
  readonly retries?: number | undefined;
}

/** A declaration of `stdlib/` (or of the user): the only place where parameters stand. */
export interface Extern {
  readonly of: 'value' | 'stage';
  /** `std.ssl.simclr`. */
  readonly name: string;
  readonly version: number;
  /** Versions that hold for some arguments alone. */
  readonly revisions?: readonly Revision[];
  readonly params: readonly ExternParam[];
  readonly result: Type;
  readonly doc: string | undefined;
  readonly span: Span;
  /** What does the work of a stage of the user's own. */
  readonly code?: OwnCode | undefined;
}

/** `@version(2, every: "epoch")`: the version of the calls in which all of these parameters have these values. */
export interface Revision {
  readonly version: number;
  readonly where: readonly { readonly param: string; readonly value: Json }[];
}

/** Paths are those of the files themselves: joined to the path of the file that names them. */
export type OwnCode =
  /** `run` of a module, with the files that it imports by relative paths. */
  | { readonly kind: 'module'; readonly path: string; readonly imports: readonly string[] }
  | {
      readonly kind: 'command';
      /** Each a list of texts and of parameters (or `out`) whose value stands there. */
      readonly words: readonly (readonly (
        | { readonly text: string }
        | { readonly param: string }
      )[])[];
      /** Where it is started. */
      readonly folder: string;
      readonly reads: readonly { readonly path: string; readonly kind: 'file' | 'folder' }[];
    };

export interface ExternParam {
  readonly name: string;
  readonly type: Type;
  readonly default: Term | undefined;
  readonly doc: string | undefined;
  readonly span: Span;
}

interface TermBase {
  readonly type: Type;
  /** The axes whose point it needs, sorted. */
  readonly dims: readonly string[];
  readonly span: Span;
}

export type Reduction =
  | 'mean'
  | 'std'
  | 'min'
  | 'max'
  | 'count'
  | 'ci95'
  | 'p_value'
  | 'least_p'
  | 'equivalence'
  | 'sample_size'
  | 'improvement'
  | 'iqm'
  | 'iqm_ci95'
  | 'pick'
  | 'argmax'
  | 'spearman'
  | 'ranking'
  | 'mcnemar'
  | 'images_ci95';

/** An entry of a record; `shown` is what readers see instead of its name. */
export interface Field {
  readonly name: string;
  readonly value: Term;
  readonly shown?: string | undefined;
}

/**
 * A checked expression: a function from a point (axis → label) to a value, or to *missing* where a
 * `where` or a set slice dropped the point.
 */
export type Term = TermBase &
  /** `given` is where `--set` gives it. */
  (
    | { readonly kind: 'literal'; readonly value: Json; readonly given?: Span }
    /** `file("pairs.csv")`, or a text given for a Folder; relative to the file's folder. */
    | { readonly kind: 'file'; readonly path: Term; readonly folder: boolean }
    /** A variable of the environment; of a secret only a digest is known. */
    | { readonly kind: 'env'; readonly name: string; readonly secret?: true }
    /** The value of the axis at the point. */
    | { readonly kind: 'axis'; readonly axis: string }
    /** The artifact or metrics of a stage at the point. */
    | { readonly kind: 'stage'; readonly stage: string }
    /** A pure description such as `simclr(temperature: 20%)`. */
    | { readonly kind: 'describe'; readonly call: Call }
    | {
        readonly kind: 'list';
        readonly items: readonly Term[];
        /** For each item what readers see instead of its label, where it says so. */
        readonly shown?: readonly (string | undefined)[];
      }
    | { readonly kind: 'record'; readonly fields: readonly Field[] }
    | { readonly kind: 'range'; readonly low: Term; readonly high: Term }
    /** A field of a record, a metric of a stage, or a stage's `time`. */
    | { readonly kind: 'member'; readonly of: Term; readonly name: string }
    | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly of: Term }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Term;
        readonly right: Term;
      }
    | {
        readonly kind: 'if';
        readonly condition: Term;
        readonly then: Term;
        readonly else: Term;
      }
    /** `method is simclr` on an axis, or on an enum value. */
    | {
        readonly kind: 'is';
        readonly of: { readonly axis: string } | { readonly value: Term };
        readonly labels: readonly string[];
        readonly negated: boolean;
      }
    | {
        readonly kind: 'match';
        readonly of: { readonly axis: string } | { readonly value: Term };
        readonly arms: readonly { readonly labels: readonly string[]; readonly value: Term }[];
        readonly else: Term | undefined;
      }
    /** One label fixes and removes the axis; `set` narrows and keeps it. */
    | {
        readonly kind: 'slice';
        readonly of: Term;
        readonly axis: string;
        readonly labels: readonly string[];
        readonly set: boolean;
      }
    | {
        readonly kind: 'reduce';
        readonly operator: Reduction;
        readonly of: Term;
        readonly over: readonly string[];
        /** The second value, at the same points: `by` of `pick`, `against` of `improvement`, `margin`. */
        readonly beside?: Term;
        /** Axes whose labels are drawn from apart: `strata` of `iqm_ci95`. */
        readonly strata?: readonly string[];
      }
  );

/** `table({sp: …, gain}, rows: method, columns: on, over: seed)` or `pivot(value, …)`. */
export interface Report {
  readonly name: string;
  /** What readers see instead of the name. */
  readonly shown?: string | undefined;
  readonly kind: 'table' | 'pivot';
  /** Named values; a pivot has one. */
  readonly values: readonly Field[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly over: readonly string[];
  readonly doc: string | undefined;
  readonly span: Span;
}

export interface Expect {
  readonly condition: Term;
  /** The condition as written, white space folded. */
  readonly text: string;
  readonly doc: string | undefined;
  readonly span: Span;
}

export interface Reference {
  readonly source: string;
  readonly entries: readonly {
    readonly text: string;
    readonly target: Term;
    readonly value: Term;
    readonly span: Span;
  }[];
}
