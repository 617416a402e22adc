import type { Field, Term } from '../../language/program.js';
import { childrenOf } from '../../language/terms/terms.js';

/** Parts of the names of metrics of which less is better. */
const errors =
  /(^|_)(err|errors?|loss|ece|[fewc]er|f[pna]r|frr|miss|missed|misses|half_width)(_|$)/i;

/**
 * Is a value made of what counts errors, so that more of it is not better: of a metric such as `error` or `ece`, or of
 * what is left of a whole, `1 - top1`? Also where the column is called so.
 */
export function countsErrors({ name, value }: Field): boolean {
  if (errors.test(name)) return true;
  const seen = new Set<Term>();
  const looksAt = (one: Term): boolean => {
    if (seen.has(one)) return false;
    seen.add(one);
    if (one.kind === 'member' && errors.test(one.name)) return true;
    if (isLeftOfWhole(one)) return true;
    return madeOf(one).some(looksAt);
  };
  return looksAt(value);
}

/** What a value is made of, and not by what it is chosen. */
function madeOf(term: Term): readonly Term[] {
  if (term.kind === 'reduce') return [term.of];
  if (term.kind === 'if') return [term.then, term.else];
  if (term.kind === 'match') {
    return [...term.arms.map(({ value }) => value), ...(term.else ? [term.else] : [])];
  }
  return childrenOf(term);
}

/** `1 - a`, `100% - a`: of an accuracy the share of errors. */
const isLeftOfWhole = (term: Term): boolean =>
  term.kind === 'binary' &&
  term.operator === '-' &&
  term.left.kind === 'literal' &&
  term.left.value === 1;
