/**
 * Probability of improvement: how often a number of the first kind is above one of the second,
 * over all pairs, equal ones counting half (Mann and Whitney's U by the number of pairs).
 * Source: Agarwal et al. 2021, arXiv:2108.13264; google-research/rliable
 * `probability_of_improvement`, of one task. None where one kind has no number.
 */
export function improvement(
  values: readonly number[],
  others: readonly number[],
): number | undefined {
  if (values.length === 0 || others.length === 0) return undefined;
  let wins = 0;
  for (const a of values) for (const b of others) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (values.length * others.length);
}
