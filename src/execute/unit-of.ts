import type { Type } from '../language/types.js';
import type { Cell } from './record.js';

/** How numbers of a type are printed. */
export function unitOf(type: Type): Cell['unit'] {
  if (type.kind === 'optional') return unitOf(type.of);
  return type.kind === 'number' ? type.unit : 'Float';
}
