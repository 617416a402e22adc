import type { Json } from '../../base/canonical.js';

/** What can be said of a stage before it has run, by what is written. */
export interface StageSize {
  /** Images or pairs of the result; of images those of each split apart, and how many classes they have. */
  readonly count?: number;
  readonly splits?: Readonly<Record<string, number>>;
  readonly classes?: number;
  /** Of images: height and width. */
  readonly side?: number;
  /** Of an encoder: its network. */
  readonly backbone?: Json;
  /** Of its result on disk. */
  readonly bytes?: number;
  /** Multiplications and additions of networks in it, forward and back. */
  readonly operations?: number;
}

/** A stage with its parameters, as a plan has them. */
export interface WrittenStage {
  readonly stage: string;
  readonly params: Readonly<Record<string, Json>>;
}
