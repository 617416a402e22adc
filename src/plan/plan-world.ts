import type { InputResult } from './key.js';
import type { KeyRecord, NumericClass, StagePoint } from './plan.js';
import type { Contents, Seen } from './point-code.js';
import type { UnfoldOptions } from './unfold.js';

/** What the store has under a key. `lost`: a record whose content is gone. */
export type Lookup =
  | {
      readonly kind: 'hit';
      readonly output: InputResult;
      readonly seen?: Seen | undefined /** Why it counts, where somebody has said so. */;
      readonly accepted?: string | undefined;
    }
  | { readonly kind: 'miss' }
  /** There is a result of this point whose key names more: that. */
  | { readonly kind: 'elsewhere'; readonly keyed: Seen }
  | { readonly kind: 'lost' };

/** What planning may look at beside the program. */
export interface PlanWorld extends UnfoldOptions {
  readonly numeric: NumericClass;
  readonly contents: Contents;
  readonly lookup: (key: string, point: StagePoint) => Lookup;
  /** What lies at a path that a module has looked at, from the folder of the module. */
  readonly seenNow: (module: string, path: string) => string;
  /** For showing results: one whose record agrees with what is known of a point without its data. */
  readonly recall?: (point: StagePoint, record: KeyRecord) => Recalled | undefined;
  /** The record to explain a change against: the latest of this id, or the nearest of its stage. */
  readonly latest: (id: string, record: KeyRecord) => KeyRecord | undefined;
}

/** A result that is taken for that of a point whose data is not here. */
export interface Recalled {
  readonly key: string;
  /** None where only a lock knows of it: then nothing of the point could be compared. */
  readonly record: KeyRecord | undefined;
  readonly output: InputResult;
}
