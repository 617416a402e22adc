import type { Reduction, Term } from '../../language/program.js';
import { unitOf } from './unit-of.js';

/** What is made of differences and is one itself. */
const kept: ReadonlySet<Reduction> = new Set([
  'mean',
  'min',
  'max',
  'pick',
  'iqm',
  'ci95',
  'iqm_ci95',
]);

/** Is a value how much two others differ: `a - b`, its mean, or what it is at a point? Not what is left of a whole, `1 - a`. */
export function isDifference(term: Term): boolean {
  // of shares the type knows
  const unit = unitOf(term.type);
  if (unit === 'Fraction' || unit === 'FractionDifference') return unit === 'FractionDifference';
  switch (term.kind) {
    case 'binary':
      return (
        term.operator === '-' && [term.left, term.right].every(({ kind }) => kind !== 'literal')
      );
    case 'slice':
    case 'unary':
      return isDifference(term.of);
    case 'reduce':
      return kept.has(term.operator) && isDifference(term.of);
    case 'if':
      return isDifference(term.then) && isDifference(term.else);
    case 'match':
      return [...term.arms.map(({ value }) => value), term.else ?? []].flat().every(isDifference);
    default:
      return false;
  }
}
