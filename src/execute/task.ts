import type { Type } from '../language/types.js';
import type { Metrics } from '../plan/metrics.js';
import type { KeyRecord } from '../plan/plan.js';
import type { Output, Watched } from './record.js';

/**
 * Everything that a worker needs to do a stage, written into the store before the stage is started:
 * with it `ssp exec-stage KEY --store DIR` is one self-contained command.
 */
export interface Task {
  readonly version: 1;
  readonly key: string;
  /** For people, never compared. */
  readonly id: string;
  readonly record: KeyRecord;
  /** `Images`, `Pairs`, `Encoder`, `Features`, `Metrics`, `Files`. */
  readonly result: string;
  /** For `Metrics`: the declared fields and their types. */
  readonly fields: Readonly<Record<string, Type>>;
  /** What of the user's own does the work, or makes descriptions for it. */
  readonly code?: TaskCode;
  /** The results that it reads, by their digest. */
  readonly inputs: Readonly<Record<string, Output>>;
  /** For a stage of the user's own: its declared result, `Metrics{top1: Fraction}`. */
  readonly declared?: string;
  /** Where the files and folders of its parameters and its code lie, and what they contain. */
  readonly paths: readonly {
    readonly path: string;
    readonly kind: 'file' | 'folder';
    readonly digest: string;
  }[];
  /** The variables of the environment that are secrets of its record, by their digests. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly threads: number;
  /** Ids of the GPUs that are leased to it. */
  readonly gpus: readonly number[];
  readonly memoryBytes: number | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly collapsedEpochs?: number | undefined;
  /** Of a training: the epochs after which it keeps its encoder. */
  readonly keep?: readonly number[];
  /** Of one that halving lets go on: the epochs after which it stopped before, so that it goes on from there. */
  readonly rungs?: readonly number[];
}

/** What of the user's own works in a stage (see PointCode); paths are absolute. */
export type TaskCode =
  | {
      readonly kind: 'module' | 'values';
      readonly path: string;
      /** What makes descriptions, which name it by its place here. */
      readonly values?: readonly string[];
    }
  /** Parameters stand as `{name}` in the words, braces doubled. */
  | { readonly kind: 'command'; readonly words: readonly string[]; readonly folder: string };

/** Progress of a stage, for people. */
export interface Progress {
  /** `epoch`, `image`, `step` …: what `done` and `total` count. */
  readonly unit: string;
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
  /** What else tells how it goes, by its name: `{ feature_std: 0.42 }`. */
  readonly watched?: Readonly<Record<string, number>>;
  readonly imagesPerSecond?: number;
  /** Of a training: the steps done, over all epochs. */
  readonly step?: number;
  /** Of a training: what it watched in the epochs that have ended since it told last; at first those before the checkpoint. */
  readonly rows?: readonly Readonly<Record<string, number>>[];
}

/** A result of another stage, as files on disk. */
export interface InputArtifact {
  readonly type: string;
  readonly digest: string;
  readonly metrics: Metrics;
  /** Absolute paths by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The checkpoints that a training keeps of some epochs. */
export interface KeptEpochs {
  /** Keep these, as they come by. */
  readonly wanted: readonly number[];
  /** Stop after this epoch; default: the last. */
  readonly until: number | undefined;
  /** Keeps a checkpoint, a file, as that of an epoch. */
  keep(epoch: number, checkpoint: string): void;
  /** The kept checkpoint, a file, of the latest epoch up to `until`: work goes on from it. */
  nearest(): string | undefined;
}

/** What the work of a stage gets. */
export interface WorkContext {
  readonly record: KeyRecord;
  /** The result that stands as `{artifact: digest}` in the record; code of the user's own gets copies. */
  artifact(digest: string): Promise<InputArtifact>;
  /** Absolute path of the module that makes a description of the record, by its number there. */
  module(number: number): string;
  /** The files of that result, copied into a new folder of this name; its path. */
  layOut(digest: string, name: string): Promise<string>;
  /** Absolute path of what stands as `{file: digest}` or `{folder: digest}` in the record. */
  path(digest: string): string;
  /** The text that stands as `{env: {secret: digest}}` in the record. */
  secret(digest: string): string;
  /** A text with `***` in the place of the secrets of the record. */
  masked(text: string): string;
  /** Empty folder: the files left here are the result. */
  readonly out: string;
  /** Folder for what is needed for a while; removed after the work. */
  readonly temporary: string;
  /** `Images`, `Pairs`, `Encoder`, `Metrics`, `Files`: what is declared. */
  readonly result: string;
  /** Folder kept between attempts at the same key; empty at first. */
  readonly checkpoint: string;
  readonly threads: number;
  readonly gpus: readonly number[];
  /** Epochs in a row that a collapse may show before it stops; default: it goes on. */
  readonly collapsedEpochs?: number | undefined;
  /** For a training that keeps encoders, and for those on its way. */
  readonly kept?: KeptEpochs | undefined;
  /** Takes a program that leads a process group of its own; where there is none, it is to be in ours. */
  readonly onProgram?: ((group: number) => void) | undefined;
  progress(progress: Progress): void;
  log(line: string): void;
  /** One sentence that whoever reads the result has to know: told at once, and kept beside the result. */
  remark(text: string): void;
}

export interface WorkResult {
  /** As the work gave them: not yet held against what is declared. */
  readonly metrics?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string | number>>;
  /** What is in the result, in the order in which it is told. */
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly watched?: Watched;
}

/** The work of a stage. */
export type StageWork = (context: WorkContext) => Promise<WorkResult>;

/** Finds the work of a declared stage: `std.train.pretrain`, or one of the user's own by its code. */
export type LoadStage = (stage: string, code: TaskCode | undefined) => Promise<StageWork>;
