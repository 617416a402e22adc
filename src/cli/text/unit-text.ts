import type { Type } from '../../language/types.js';

/** The units that values of a type are written with: `px`, `MiB GiB`; empty for none. */
export function unitText(type: Type): string {
  if (type.kind === 'optional' || type.kind === 'range' || type.kind === 'list') {
    return unitText(type.of);
  }
  if (type.kind !== 'number') return '';
  switch (type.unit) {
    case 'Fraction':
      return '%';
    case 'Pixels':
      return 'px';
    case 'Angle':
      return 'deg';
    case 'Duration':
      return 'ms s min h d';
    case 'Bytes':
      return 'MiB GiB';
    default:
      return '';
  }
}
