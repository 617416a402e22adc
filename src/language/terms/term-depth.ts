import type { Term } from '../program.js';
import { childrenOf } from './terms.js';

const known = new WeakMap<Term, number>();

/** How many terms lie in each other: a row of lets is as deep as it is long. */
export function termDepth(term: Term): number {
  const measured = known.get(term);
  if (measured !== undefined) return measured;
  // recursion goes no deeper than one expression: what it uses was measured before
  const inside = childrenOf(term).reduce((most, child) => Math.max(most, termDepth(child)), 0);
  // leaves are measured again sooner than remembered
  if (inside > 0) known.set(term, inside + 1);
  return inside + 1;
}
