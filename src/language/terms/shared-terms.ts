import type { Term } from '../program.js';
import type { At } from './points-over.js';
import { childrenOf } from './terms.js';

const met = new WeakSet<Term>();
const shared = new WeakSet<Term>();

/** Values of one term at more points than this are forgotten: they are found again when needed. */
const mostRemembered = 20_000;

/** What is cheaper to find again than to remember. */
const leaves: ReadonlySet<Term['kind']> = new Set(['literal', 'env', 'axis', 'stage']);

/**
 * Looks which terms stand in several places, below this one and in what was met before. Lets and
 * arguments of defs make terms a graph: walked as a tree it would be as large as 2 to its depth.
 */
export function meet(root: Term): void {
  if (!met.has(root)) visit(root);
}

function visit(term: Term): void {
  if (met.has(term)) {
    shared.add(term);
    return;
  }
  met.add(term);
  for (const child of childrenOf(term)) visit(child);
}

/** Meets the value of an axis, which stands wherever the axis is named. */
export function meetShared(term: Term): void {
  meet(term);
  shared.add(term);
}

/** Values of terms that stand in several places, each found once for a point of its own axes. */
export interface Remembered<V> {
  readonly recall: (term: Term, at: At, find: () => V) => V;
}

export function remembered<V>(): Remembered<V> {
  const known = new WeakMap<Term, Map<string, V>>();
  return {
    recall(term, at, find) {
      if (leaves.has(term.kind) || !shared.has(term)) return find();
      let byPoint = known.get(term);
      if (!byPoint) {
        byPoint = new Map();
        known.set(term, byPoint);
      }
      const key = keyAt(term.dims, at);
      const before = byPoint.get(key);
      if (before !== undefined || byPoint.has(key)) return before as V; // it has the key
      const value = find();
      if (byPoint.size >= mostRemembered) byPoint.clear();
      byPoint.set(key, value);
      return value;
    },
  };
}

/** The labels of a point along some axes. */
function keyAt(dims: readonly string[], at: At): string {
  const [first] = dims;
  if (first === undefined) return '';
  return dims.length === 1 ? labelAt(first, at) : dims.map((dim) => labelAt(dim, at)).join('\n');
}

function labelAt(axis: string, at: At): string {
  const label = at[axis];
  // no label is another thing than any label
  return label === undefined ? '' : `=${label}`;
}
