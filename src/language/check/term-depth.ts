import type { Term } from '../program.js';

const known = new WeakMap<object, number>();

/** How many terms lie in each other: a row of lets is as deep as it is long. */
export function termDepth(term: Term): number {
  return depthOf(term);
}

/** Recursion goes no deeper than one expression: what it uses was measured before. */
function depthOf(part: unknown): number {
  if (typeof part !== 'object' || part === null) return 0;
  const measured = known.get(part);
  if (measured !== undefined) return measured;
  let inside = 0;
  for (const name in part) {
    if (name === 'span' || name === 'type' || name === 'extern' || name === 'dims') continue;
    inside = Math.max(inside, depthOf(part[name as keyof typeof part]));
  }
  if (!('kind' in part)) return inside;
  // leaves are measured again sooner than remembered
  if (inside > 0) known.set(part, inside + 1);
  return inside + 1;
}
