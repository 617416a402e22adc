import type { McNemar } from '../base/statistics/mcnemar.js';
import type { Reduction, Term } from '../language/program.js';
import type { Point } from './plan.js';

/** Two shares of the same images that were answered right, at a point; the mean over axes. */
export interface OfImages {
  readonly operator: Reduction;
  readonly first: Term;
  readonly second: Term;
  readonly over: readonly string[];
  readonly at: Point;
}

/** The 95 % interval of their difference by a paired bootstrap over images, and McNemar's test of each pair. */
export interface ImagesTell {
  readonly interval: { readonly low: number; readonly high: number };
  readonly mcnemar: readonly McNemar[];
}
