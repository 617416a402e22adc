import { createHash } from 'node:crypto';
import { sfc32 } from '../sfc32.js';
import { binomialPmf } from './binomial.js';
import { quantile } from './iqm.js';

const resamples = 10_000;

/** Values and how often each of them is there. */
export interface Counted {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** Equal values together, the smallest first. */
export function counted(values: Iterable<number>): Counted {
  const found = new Map<number, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  const sorted = [...found].sort(([a], [b]) => a - b);
  return { values: sorted.map(([value]) => value), counts: sorted.map(([, count]) => count) };
}

/**
 * 95 % interval of the mean of differences by the percentile bootstrap: as many are drawn from them
 * again, 10,000 times, with a fixed seed. Each pair is one draw, so what both have in common does not
 * widen it. Drawing n of n is drawing how often each value comes, which is quicker where values are
 * few: right and wrong have three differences.
 * Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13; scipy's `bootstrap`
 * with `method="percentile"`. None for fewer than two differences.
 */
export function bootstrapInterval(differences: Counted): { low: number; high: number } | undefined {
  const { counts } = differences;
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n < 2) return undefined;
  const next = sfc32(createHash('sha256').update('paired images').digest());
  const drawer = binomialDrawer(() => (next() + 0.5) / 2 ** 32);
  return percentiles(differences, resamples, () => drawAgain(counts, n, drawer));
}

/** The interval of the means of samples; `again` gives how often each value is in the next one. */
export function percentiles(
  { values, counts }: Counted,
  samples: number,
  again: () => readonly number[],
): { low: number; high: number } {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const means = new Float64Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const drawn = again();
    means[sample] = values.reduce((sum, value, i) => sum + value * (drawn[i] ?? 0), 0) / n;
  }
  means.sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** How often each value comes when `n` are drawn from as many: multinomial, one binomial after the other. */
function drawAgain(
  counts: readonly number[],
  n: number,
  binomial: (n: number, p: number) => number,
): readonly number[] {
  let left = n;
  let rest = n;
  return counts.map((count) => {
    const drawn = count >= rest ? left : binomial(left, count / rest);
    left -= drawn;
    rest -= count;
    return drawn;
  });
}

/** Draws binomial numbers by inversion from the most likely one outwards: some deviations of steps. */
function binomialDrawer(uniform: () => number): (n: number, p: number) => number {
  // Each draw of a sample is of the same p, and of few different n.
  const peaks = new Map<number, Map<number, number>>();
  const peakOf = (mode: number, n: number, p: number): number => {
    let ofP = peaks.get(p);
    if (ofP === undefined) {
      ofP = new Map();
      peaks.set(p, ofP);
    }
    let peak = ofP.get(n);
    if (peak === undefined) {
      peak = binomialPmf(mode, n, p);
      ofP.set(n, peak);
    }
    return peak;
  };
  return (n, p) => {
    const mode = Math.min(n, Math.floor((n + 1) * p));
    const peak = peakOf(mode, n, p);
    const odds = p / (1 - p);
    let u = uniform() - peak;
    if (u <= 0) return mode;
    let [up, down] = [peak, peak];
    for (let step = 1; mode + step <= n || mode - step >= 0; step++) {
      if (mode + step <= n) {
        up *= ((n - mode - step + 1) / (mode + step)) * odds;
        u -= up;
        if (u <= 0) return mode + step;
      }
      if (mode - step >= 0) {
        down *= (mode - step + 1) / ((n - mode + step) * odds);
        u -= down;
        if (u <= 0) return mode - step;
      }
    }
    return mode; // what rounding leaves over
  };
}
