import type { Json } from '../../base/canonical.js';
import type { Span } from '../../base/source.js';
import type { Term } from '../program.js';
import { unknownType } from '../types/join-types.js';
import type { Type } from '../types.js';

export type LiteralTerm = Extract<Term, { kind: 'literal' }>;

/**
 * Stands among the dimensions of what follows from a mistake: which axes it really has is unknown,
 * so nothing about its axes is a further mistake. A program without errors never holds it.
 */
export const unknownDim = '?';

/** What a mistake leaves: fits everything. */
export function unknownTerm(span: Span): Term {
  return { kind: 'literal', value: null, type: unknownType, dims: [unknownDim], span };
}

export function isUnknown(term: Term): boolean {
  return term.type.kind === 'unknown';
}

/** A value known now. */
export function literal(value: Json, type: Type, span: Span): LiteralTerm {
  return { kind: 'literal', value, type, dims: [], span };
}

/** Dimensions of something made of several terms: each axis once, sorted. */
export function unionDims(...lists: readonly (readonly string[])[]): readonly string[] {
  const some = lists.filter((list) => list.length > 0);
  // the usual case, and each list is sorted already
  if (some.length <= 1) return some[0] ?? [];
  return [...new Set(some.flat())].sort();
}

/** Dimensions of several terms. */
export function dimsOf(terms: Iterable<Term>): readonly string[] {
  return unionDims(...[...terms].map((term) => term.dims));
}

/** Dimensions without some. */
export function withoutDims(dims: readonly string[], gone: readonly string[]): readonly string[] {
  return dims.filter((dim) => !gone.includes(dim));
}

/** The terms directly inside a term; descriptions by their arguments. */
export function childrenOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'literal':
    case 'env':
    case 'axis':
    case 'stage':
      return [];
    case 'file':
      return [term.path];
    case 'describe':
      return term.call.args.map((arg) => arg.value);
    case 'list':
      return term.items;
    case 'record':
      return term.fields.map((field) => field.value);
    case 'range':
      return [term.low, term.high];
    case 'member':
    case 'unary':
    case 'slice':
      return [term.of];
    case 'reduce':
      return term.beside ? [term.of, term.beside] : [term.of];
    case 'binary':
      return [term.left, term.right];
    case 'if':
      return [term.condition, term.then, term.else];
    case 'is':
      return 'value' in term.of ? [term.of.value] : [];
    case 'match': {
      const arms = term.arms.map((arm) => arm.value);
      const subject = 'value' in term.of ? [term.of.value] : [];
      return [...subject, ...arms, ...(term.else ? [term.else] : [])];
    }
  }
}
