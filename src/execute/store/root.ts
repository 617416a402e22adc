import type { NumericClass } from '../../plan/plan.js';

/** Keys of points by the stage that they call and their id. */
export type KeysOfPoints = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * `roots/HASH.json`: what the last run of a file under some settings used. `gc` keeps what a root
 * names, and explanations say what a point was before. One that cannot be read is none.
 */
export interface Root {
  readonly version: 1;
  /** Of a file in the folder around the store the path from there, so that both can be moved; else absolute. */
  readonly file: string;
  /** Where its path is one. */
  readonly host: string;
  /** What `--set` gave. */
  readonly set: Readonly<Record<string, string>>;
  readonly numeric: NumericClass;
  readonly stages: KeysOfPoints;
  /** Of points whose key has no result yet: the last one that had. */
  readonly before?: KeysOfPoints;
}
