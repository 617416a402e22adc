import type { Span } from '../../base/source.js';

/** Parts of a tree may lie this many deep in each other, chains of operators included. */
const limit = 500;

interface Open {
  readonly value: unknown;
  readonly depth: number;
  readonly span: Span | undefined;
}

/**
 * The place of a part that lies too deep for the phases that walk trees by recursion, if there is
 * one. A chain such as `1 + 1 + …` is not nested in the text, but its tree is.
 */
export function tooDeepPart(tree: object): Span | undefined {
  const open: Open[] = [{ value: tree, depth: 0, span: undefined }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at.value !== 'object' || at.value === null) continue;
    const node = at.value as Readonly<Record<string, unknown>> & { readonly span?: Span };
    const depth = 'kind' in node ? at.depth + 1 : at.depth;
    const span = node.span ?? at.span;
    if (depth > limit) return span;
    for (const key in node) {
      const value = node[key];
      // texts and numbers, which most parts are, have no depth
      if (typeof value === 'object' && key !== 'span') open.push({ value, depth, span });
    }
  }
  return undefined;
}
