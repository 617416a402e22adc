import { binomialPmf, coinsAtMost } from './binomial.js';

/** McNemar's test of two answers to the same questions. */
export interface McNemar {
  /** Questions that the first alone, and the second alone, has right. */
  readonly first: number;
  readonly second: number;
  /** Two-sided. */
  readonly exact: number;
  /** The same by mid-p, which is less cautious and still keeps its level: Fagerland et al. 2013, doi:10.1186/1471-2288-13-91. */
  readonly midP: number;
}

/**
 * The two-sided p that two that answered the same questions are as often right: whether a question
 * that only one has right is the first's or the second's is a coin's throw.
 * Source: McNemar 1947, doi:10.1007/BF02295996; statsmodels' `mcnemar(exact=True)`.
 */
export function mcnemar(first: number, second: number): McNemar {
  const [few, all] = [Math.min(first, second), first + second];
  if (first === second) {
    const midP = all === 0 ? 1 : 1 - 0.5 * binomialPmf(few, all, 0.5);
    return { first, second, exact: 1, midP };
  }
  const exact = Math.min(1, 2 * coinsAtMost(few, all));
  return { first, second, exact, midP: exact - binomialPmf(few, all, 0.5) };
}
