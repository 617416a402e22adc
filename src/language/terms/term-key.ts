import type { Term } from '../program.js';
import type { Type } from '../types.js';
import { childrenOf } from './terms.js';

/** Numbers that stand for terms: two that mean the same have the same, as far as their form tells. */
export interface TermKeys {
  /** Of what it means, wherever it was written. */
  readonly ofMeaning: (term: Term) => number;
  /** Of what it means and where it was written. */
  readonly ofPlace: (term: Term) => string;
}

export function termKeys(): TermKeys {
  const known = new WeakMap<Term, number>();
  const interned = new Map<string, number>();
  const objects = new WeakMap<object, number>();
  let next = 0;

  const objectKey = (value: object): number => {
    const before = objects.get(value);
    if (before !== undefined) return before;
    objects.set(value, next);
    return next++;
  };

  function ofMeaning(term: Term): number {
    const before = known.get(term);
    if (before !== undefined) return before;
    const text = [ownKey(term), ...childrenOf(term).map(ofMeaning)].join(' ');
    const key = interned.get(text) ?? next++;
    interned.set(text, key);
    known.set(term, key);
    return key;
  }

  function ofPlace(term: Term): string {
    if (term.kind !== 'literal') return `o${objectKey(term)}`;
    const { file, start, end } = term.span;
    return `${ofMeaning(term)} ${file.path} ${start} ${end}`;
  }

  /** What a term says beside its parts. */
  function ownKey(term: Term): string {
    const { kind } = term;
    const own = (...parts: readonly unknown[]) =>
      JSON.stringify([kind, typeKey(term.type), ...parts]);
    switch (kind) {
      case 'literal': {
        const { value } = term;
        return own(value !== null && typeof value === 'object' ? [objectKey(value)] : value);
      }
      case 'file':
        return own(term.folder, term.span.file.path);
      case 'env':
        return own(term.name, term.secret);
      case 'axis':
        return own(term.axis);
      case 'stage':
        return own(term.stage);
      case 'describe':
        return own(term.call.extern.name, objectKey(term.call.extern));
      case 'record':
        return own(term.fields.map((field) => field.name));
      case 'list':
      case 'range':
      case 'if':
        return own();
      case 'member':
        return own(term.name);
      case 'unary':
      case 'binary':
        return own(term.operator);
      case 'is':
        return own('axis' in term.of && term.of.axis, term.labels, term.negated);
      case 'match':
        return own(
          'axis' in term.of && term.of.axis,
          term.arms.map((arm) => arm.labels),
        );
      case 'slice':
        return own(term.axis, term.labels, term.set);
      case 'reduce':
        return own(term.operator, term.over, term.strata);
    }
  }

  return { ofMeaning, ofPlace };
}

/** What of a type decides about what is made of it. */
function typeKey(type: Type): unknown {
  if (type.kind === 'number') return type.unit;
  if (type.kind === 'optional') return [type.kind, typeKey(type.of)];
  return type.kind;
}
