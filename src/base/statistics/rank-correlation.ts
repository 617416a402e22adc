import { jStat } from './load-jstat.js';

/** Values that belong together. */
export type Pair = readonly [number, number];

/** Spearman's rank correlation of some pairs. */
export interface RankCorrelation {
  readonly rho: number;
  /** None of fewer than four pairs, nor where rho is 1 or -1: Fisher's z is infinite there. */
  readonly ci95: { readonly low: number; readonly high: number } | undefined;
}

/**
 * Spearman's rank correlation, ties being given the mean of their ranks; none of fewer than three pairs, nor where all
 * values of a side are equal.
 *
 * Its 95 % interval is by Fisher's z with the standard error sqrt((1 + rho² / 2) / (n - 3)):
 * Bonett & Wright 2000, Psychometrika 65, 23–28.
 */
export function rankCorrelation(pairs: readonly Pair[]): RankCorrelation | undefined {
  const n = pairs.length;
  const sides = [pairs.map(([x]) => x), pairs.map(([, y]) => y)] as const;
  if (n < 3 || sides.some((side) => new Set(side).size < 2)) return undefined;
  // Rounding may lead a little beyond.
  const rho = Math.max(-1, Math.min(1, jStat().spearmancoeff(...sides)));
  if (n < 4 || 1 - Math.abs(rho) < 1e-12) return { rho, ci95: undefined };
  const half = jStat().normal.inv(0.975, 0, 1) * Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  const z = Math.atanh(rho);
  return { rho, ci95: { low: Math.tanh(z - half), high: Math.tanh(z + half) } };
}

/** The rank of a number among numbers, itself one of them: 1 is the largest; of equals it is the mean of their ranks. */
export function rankAmong(value: number, values: readonly number[]): number {
  const above = values.filter((other) => other > value).length;
  const equal = values.filter((other) => other === value).length;
  return above + (equal + 1) / 2;
}
