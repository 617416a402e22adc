import type { Term } from '../../language/program.js';
import { childrenOf } from '../../language/terms/terms.js';

const known = new WeakMap<Term, ReadonlySet<string>>();

/** The axes that a value is reduced over within it: of `p_value(gain, over: seed)`, `seed`. */
export function reducedAxes(term: Term): ReadonlySet<string> {
  const found = known.get(term);
  if (found) return found;
  const own = term.kind === 'reduce' ? term.over : [];
  const axes = new Set([...own, ...childrenOf(term).flatMap((child) => [...reducedAxes(child)])]);
  known.set(term, axes);
  return axes;
}
