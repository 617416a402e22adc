import type { Term } from '../language/program.js';
import type { Type } from '../language/types.js';
import type { Cell } from './record.js';

/** How numbers of a type are printed. */
export function unitOf(type: Type): Cell['unit'] {
  if (type.kind === 'optional') return unitOf(type.of);
  return type.kind === 'number' ? type.unit : 'Float';
}

/**
 * The columns of a value of a table: itself for a number; a record (`ci95` gives one) and the
 * result of an evaluation have one for each field, `gain.low` and `gain.high`.
 */
export function columnsOf(
  name: string,
  term: Term,
): readonly { readonly name: string; readonly term: Term }[] {
  const { type } = term;
  if (type.kind !== 'record' && type.kind !== 'metrics') return [{ name, term }];
  return Object.entries(type.fields).flatMap(([field, of]) => {
    const member: Term = {
      kind: 'member',
      of: term,
      name: field,
      type: of,
      dims: term.dims,
      span: term.span,
    };
    return columnsOf(`${name}.${field}`, member);
  });
}
