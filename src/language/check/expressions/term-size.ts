import type { Json } from '../../../base/canonical.js';
import { diagnose } from '../../../base/codes.js';
import type { Span } from '../../../base/source.js';
import type { Term } from '../../program.js';
import { childrenOf } from '../../terms/terms.js';
import type { Context } from '../context.js';

/** Parts that a value may have where it is written out: as a parameter, or as a label. */
const mostParts = 100_000;

/** Says that a value is too large to be written out. */
export function isTooLarge(term: Term, span: Span, what: string, context: Context): boolean {
  if (termSize(term) <= mostParts) return false;
  context.report(diagnose('value-too-large', span, { what, most: mostParts }));
  return true;
}

const knownTerms = new WeakMap<Term, number>();
const knownValues = new WeakMap<object, number>();

/** How many parts a value has, each counted as often as it stands there. */
export function termSize(term: Term): number {
  const { kind } = term.type;
  if (kind === 'number' || kind === 'bool' || kind === 'string' || kind === 'enum') return 1;
  const known = knownTerms.get(term);
  if (known !== undefined) return known;
  const size = find(term);
  knownTerms.set(term, size);
  return size;
}

function find(term: Term): number {
  switch (term.kind) {
    case 'literal':
      return valueSize(term.value);
    case 'list':
    case 'record':
    case 'range':
    case 'describe':
      return childrenOf(term).reduce((sum, child) => sum + termSize(child), 1);
    case 'if':
      return Math.max(termSize(term.then), termSize(term.else));
    case 'match': {
      const values = [...term.arms.map((arm) => arm.value), ...(term.else ? [term.else] : [])];
      return Math.max(...values.map(termSize));
    }
    case 'slice':
      return termSize(term.of);
    default:
      return 1;
  }
}

function valueSize(value: Json): number {
  if (value === null || typeof value !== 'object') return 1;
  const known = knownValues.get(value);
  if (known !== undefined) return known;
  const size = Object.values(value).reduce((sum: number, part: Json) => sum + valueSize(part), 1);
  knownValues.set(value, size);
  return size;
}
