import type { Term } from '../../language/program.js';
import { childrenOf } from '../../language/terms/terms.js';

/** Parts of the names of metrics of which less is better. */
const errors =
  /(^|_)(err|errors?|loss|ece|[fewc]er|f[pna]r|frr|miss|missed|misses|half_width)(_|$)/i;

/** Is a value made of a metric that counts errors, such as `error` or `ece`, so that more of it is not better? */
export function countsErrors(term: Term): boolean {
  const seen = new Set<Term>();
  const looksAt = (one: Term): boolean => {
    if (seen.has(one)) return false;
    seen.add(one);
    if (one.kind === 'member' && errors.test(one.name)) return true;
    return childrenOf(one).some(looksAt);
  };
  return looksAt(term);
}
