import type { Reduction } from './program.js';

/** What a reduction is given beside its value and `over:`, and what it makes of them. */
export interface ReductionForm {
  /** The name of a second value, which it needs. */
  readonly beside?: 'by' | 'against' | 'margin';
  /** Whether it may be told axes whose labels stay apart. */
  readonly strata?: true;
  /** Whether it is asked without `over:` too, or always; else it needs axes. */
  readonly over?: 'optional' | 'never';
  /** What it asks of is a share of images that were answered right, so that images tell. */
  readonly images?: true;
  /** The axes stay: it is a value for each of their points. */
  readonly keeps?: true;
  readonly what: string;
}

export const reductions: Readonly<Record<Reduction, ReductionForm>> = {
  mean: { what: 'The mean' },
  std: { what: 'The standard deviation' },
  min: { what: 'The smallest value' },
  max: { what: 'The largest value' },
  count: { what: 'The number of points' },
  ci95: { what: 'The 95 % confidence interval `{low, high}` of the mean, by Student’s t,' },
  p_value: {
    what: 'The two-sided p of the sign-flip test that the mean is 0: of a difference, the paired test',
  },
  least_p: { what: 'The least `p_value` that so many points can give' },
  equivalence: {
    beside: 'margin',
    what: 'The p of the two one-sided t tests that the mean is less than `margin` from 0',
  },
  sample_size: {
    what: 'How many points as these a t test at 0.05 needs to find their mean with a power of 80 %,',
  },
  improvement: {
    beside: 'against',
    what: 'How often a value is above one of `against`, over all pairs of points, of seeds at each point of other axes: the probability of improvement',
  },
  iqm: { what: 'The interquartile mean' },
  iqm_ci95: {
    strata: true,
    what: 'The 95 % interval `{low, high}` of the interquartile mean, by a bootstrap that draws within each label of `strata`,',
  },
  pick: {
    beside: 'by',
    what: 'The value at the point where `by` is largest (`by: -loss` for the smallest; of equals the first)',
  },
  spearman: {
    beside: 'against',
    what: 'Spearman’s rank correlation with `against`, `{rho, ci95: {low, high}, n}`, with the interval of Bonett & Wright 2000 and the number of points,',
  },
  ranking: {
    keeps: true,
    what: 'The rank of the value, 1 for the largest, of equals the mean of their ranks,',
  },
  mcnemar: {
    beside: 'against',
    over: 'never',
    images: true,
    what: 'McNemar’s test of two results by the images that both answered, `{first, second, exact, mid_p}`: how many images the value’s, and how many that of `against`, alone has right, and its two-sided p, exact and mid-p. It is of one pair of results: at each point.',
  },
  images_ci95: {
    beside: 'against',
    over: 'optional',
    images: true,
    what: 'The 95 % interval `{low, high}` of how far the value is above `against`, by a paired bootstrap over the images that both answered, the results being these; the mean over axes with',
  },
  argmax: { what: 'The label of the point where the value is largest (of equals the first)' },
};

export const reductionNames: readonly string[] = Object.keys(reductions);

export function reductionOf(name: string): Reduction | undefined {
  // the names are those of the table
  return Object.hasOwn(reductions, name) ? (name as Reduction) : undefined;
}
