import { intervalIn } from '../../language/types/join-types.js';
import type { Type } from '../../language/types.js';
import type { Cell } from '../record.js';

/** How numbers of a type are printed. */
export function unitOf(type: Type): Cell['unit'] {
  if (type.kind === 'optional') return unitOf(type.of);
  const ends = intervalIn(type);
  if (ends) return unitOf(ends);
  if (type.kind === 'string') return 'Text';
  if (type.kind !== 'number') return 'Float';
  return type.difference ? 'FractionDifference' : type.unit;
}

/** How the difference of two numbers of a unit is printed. */
export function differenceUnit(unit: Cell['unit']): Cell['unit'] {
  return unit === 'Fraction' ? 'FractionDifference' : unit;
}
