import { createHash } from 'node:crypto';
import { sfc32 } from '../sfc32.js';

/** Up to so many values all signs are tried; of more, so many draws of signs are. */
const mostExact = 20;
const draws = 100_000;

/**
 * The two-sided p of the sign-flip test that differences are as likely below 0 as above: the share
 * of all choices of signs under which the sum is at least as far from 0. It assumes no form of their
 * distribution but symmetry. Of more than 20 values, 100,000 choices are drawn with a fixed seed.
 * Source: Fisher 1935, The Design of Experiments, section 21; scipy's `permutation_test` with
 * `permutation_type="samples"`. None for no number.
 */
export function signFlip(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sizes = values.map(Math.abs);
  const observed = Math.abs(values.reduce((sum, value) => sum + value, 0));
  // sums that differ by rounding alone are equal
  const limit = observed - 1e-12 * sizes.reduce((sum, size) => sum + size, 0);
  return values.length <= mostExact ? ofAll(sizes, limit) : ofSome(sizes, limit);
}

/** The least p that so many values can give: all of them on one side. */
export function leastSignFlip(count: number): number | undefined {
  if (count === 0) return undefined;
  return count <= mostExact ? 2 ** (1 - count) : 1 / (draws + 1);
}

/** Over all signs; by symmetry those with the first above 0 are enough. */
function ofAll(sizes: readonly number[], limit: number): number {
  const count = (at: number, sum: number): number => {
    const size = sizes[at];
    if (size === undefined) return Math.abs(sum) >= limit ? 1 : 0;
    return count(at + 1, sum + size) + count(at + 1, sum - size);
  };
  return count(1, sizes[0] ?? 0) / 2 ** (sizes.length - 1);
}

function ofSome(sizes: readonly number[], limit: number): number {
  const next = sfc32(createHash('sha256').update('sign-flip').digest());
  let hits = 1; // the observed signs are one of the draws
  for (let i = 0; i < draws; i++) {
    let sum = 0;
    let bits = 0;
    for (const [at, size] of sizes.entries()) {
      if (at % 32 === 0) bits = next();
      sum += bits & 1 ? size : -size;
      bits >>>= 1;
    }
    if (Math.abs(sum) >= limit) hits += 1;
  }
  return hits / (draws + 1);
}
