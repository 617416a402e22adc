import { createHash } from 'node:crypto';
import { sfc32 } from '../sfc32.js';
import { mean } from './moments.js';

/**
 * Interquartile mean: the mean without the quarter of the smallest and that of the largest numbers.
 * Source: Agarwal et al. 2021, arXiv:2108.13264; google-research/rliable `aggregate_iqm`, which is
 * scipy's `trim_mean` at 0.25. None for no number.
 */
export function iqm(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const cut = Math.floor(values.length / 4);
  return mean([...values].sort((a, b) => a - b).slice(cut, values.length - cut));
}

const resamples = 10_000;

/**
 * 95 % interval of the interquartile mean by the stratified percentile bootstrap: each group is
 * drawn from again by itself, 10,000 times, with a fixed seed. Few seeds make it too narrow: of
 * three values each it is as wide as it should be only over many groups.
 * Source: arXiv:2108.13264, section 4.1; rliable `get_interval_estimates`. None for a group without
 * at least two numbers.
 */
export function iqmInterval(
  groups: readonly (readonly number[])[],
): { low: number; high: number } | undefined {
  if (groups.length === 0 || groups.some((group) => group.length < 2)) return undefined;
  const next = sfc32(createHash('sha256').update('iqm').digest());
  const estimates = Array.from({ length: resamples }, () =>
    iqmAgain(groups, (count) => Math.floor((next() / 2 ** 32) * count)),
  ).sort((a, b) => a - b);
  return { low: quantile(estimates, 0.025), high: quantile(estimates, 0.975) };
}

/** The interquartile mean of as many numbers of each group, drawn by `draw`. */
export function iqmAgain(
  groups: readonly (readonly number[])[],
  draw: (count: number) => number,
): number {
  const again = groups.flatMap((group) => group.map(() => group[draw(group.length)] ?? Number.NaN));
  return iqm(again) ?? Number.NaN;
}

/** Of sorted numbers, by linear interpolation, as numpy's `percentile`. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
