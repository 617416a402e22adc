import { jStat } from './load-jstat.js';
import { mean, std } from './moments.js';
import { studentCdf, studentQuantile } from './student-t.js';

/** 95 % confidence interval of the mean by Student's t; none for fewer than two numbers. */
export function ci95(values: readonly number[]): { low: number; high: number } | undefined {
  const spread = std(values);
  if (spread === undefined) return undefined;
  const half = (limitOf(values.length - 1) * spread) / Math.sqrt(values.length);
  const centre = mean(values);
  return { low: centre - half, high: centre + half };
}

/**
 * The p of equivalence: of two one-sided t tests (TOST), that the mean is at least `margin` away
 * from 0, the larger. Below 0.05 the 90 % interval of the mean lies within the margin.
 * Source: Schuirmann 1987, doi:10.1007/BF01068419. None for fewer than two numbers, and where all are the
 * same number within the margin: without a spread nothing says how far the mean may be off.
 */
export function equivalence(values: readonly number[], margin: number): number | undefined {
  const spread = std(values);
  if (spread === undefined || !(margin > 0)) return undefined;
  const centre = mean(values);
  if (spread === 0) return Math.abs(centre) < margin ? undefined : 1;
  const error = spread / Math.sqrt(values.length);
  const degrees = values.length - 1;
  const below = studentCdf((centre - margin) / error, degrees);
  const above = studentCdf((-centre - margin) / error, degrees);
  return Math.max(below, above);
}

/**
 * The two-sided p of the t test that the mean is 0; of differences, the paired t test.
 * None for fewer than two numbers.
 */
export function tTest(values: readonly number[]): number | undefined {
  const spread = std(values);
  if (spread === undefined) return undefined;
  const size = Math.abs(mean(values));
  if (spread === 0) return size === 0 ? 1 : 0;
  const degrees = values.length - 1;
  return 2 * studentCdf((-size * Math.sqrt(values.length)) / spread, degrees);
}

/** The most values that are thought of: a gain that needs more is not told from none. */
const most = 100_000;

/**
 * How many values as these a two-sided t test at 0.05 needs to find their mean with a power of
 * 80 %, taking their mean and deviation as the true ones. None for fewer than two numbers, and
 * where more than 100,000 would be needed.
 * Source: Cohen 1988, Statistical Power Analysis, chapter 2; statsmodels' `TTestPower`.
 */
export function needed(values: readonly number[]): number | undefined {
  const spread = std(values);
  if (spread === undefined || spread === 0) return undefined;
  const effect = Math.abs(mean(values)) / spread;
  const enough = (n: number): boolean => power(effect, n) >= 0.8;
  let high = 2;
  while (!enough(high)) {
    high *= 2;
    if (high > most) return undefined;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return Math.max(high, 2);
}

/** The power of a two-sided t test at 0.05 of `n` values whose mean is `effect` deviations from 0. */
function power(effect: number, n: number): number {
  const limit = limitOf(n - 1);
  const moved = effect * Math.sqrt(n);
  const { noncentralt } = jStat();
  return 1 - noncentralt.cdf(limit, n - 1, moved) + noncentralt.cdf(-limit, n - 1, moved);
}

/** The 97.5 % quantile. */
const limitOf = (degrees: number): number => studentQuantile(0.975, degrees);
