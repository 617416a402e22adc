import type { Rng } from './rng.js';

/** The integers from 0 to n - 1 in random order, each order equally likely (Fisher and Yates). */
export function permutation(rng: Rng, n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const chosen = rng.below(last + 1);
    const kept = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = kept;
  }
  return order;
}
