/**
 * p values adjusted by Holm's step-down: with all of them below 0.05 called found, the chance that
 * any one is false is at most 5 %, however they depend on each other.
 * Source: Holm 1979, Scandinavian Journal of Statistics 6, 65; statsmodels' `multipletests`.
 */
export function holm(values: readonly number[]): readonly number[] {
  const order = values.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(values.length);
  let largest = 0;
  for (const [rank, { p, i }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (values.length - rank)));
    adjusted[i] = largest;
  }
  return adjusted;
}
