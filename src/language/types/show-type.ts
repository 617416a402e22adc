import type { Type } from '../types.js';
import { showNumber } from './units.js';

/** Records and lists that lie deeper in each other than this are shown as `…`. */
const deepest = 4;

/** A type as it is written in the language: `Int(1..)`, `Range[Float](0..1)`, `"a" | "b"`, `Path?`. */
export function showType(type: Type): string {
  return show(type, 0);
}

/** The result of a stage with all that is known of it: `Images{splits: "train" | "test"}`. */
export function showResult(type: Type): string {
  if (type.kind !== 'artifact' || type.facts === undefined) return showType(type);
  const parts = Object.entries(type.facts).map(([part, known]) => {
    const shown = 'of' in known ? known.of : known.map((name) => JSON.stringify(name)).join(' | ');
    return `${part}: ${shown}`;
  });
  return `${type.name}{${parts.join(', ')}}`;
}

function show(type: Type, depth: number): string {
  if (depth > deepest) return '…';
  switch (type.kind) {
    case 'number':
      return `${type.unit}${bounds(type)}`;
    case 'bool':
      return 'Bool';
    case 'string':
      return type.names === undefined
        ? 'String'
        : `${type.names.part === 'splits' ? 'Split' : 'Attribute'}[${type.names.of}]`;
    case 'secret':
      return 'a secret';
    case 'path':
      return 'Path';
    case 'folder':
      return 'Folder';
    case 'enum':
      return type.choices.map((choice) => JSON.stringify(choice)).join(' | ');
    case 'range':
    case 'list': {
      const name = type.kind === 'range' ? 'Range' : 'List';
      const of = type.of;
      return of.kind === 'number'
        ? `${name}[${of.unit}]${bounds(of)}`
        : `${name}[${show(of, depth + 1)}]`;
    }
    case 'record':
      return fields(type.fields, depth);
    case 'optional':
      return `${show(type.of, depth)}?`;
    case 'none':
      return 'none';
    case 'description':
      return type.name;
    case 'artifact':
      return type.of === undefined ? type.name : `${type.name}[${type.of}]`;
    case 'metrics':
      return `Metrics${fields(type.fields, depth)}`;
    case 'axis':
      return 'Axis';
    case 'report':
      return 'Report';
    case 'unknown':
      return 'unknown';
  }
}

function bounds(type: Extract<Type, { kind: 'number' }>): string {
  if (type.low === undefined && type.high === undefined) return '';
  const end = (value: number | undefined) =>
    value === undefined ? '' : showNumber(value, type.unit);
  return `(${end(type.low)}..${end(type.high)})`;
}

function fields(types: Readonly<Record<string, Type>>, depth: number): string {
  const parts = Object.entries(types).map(([name, type]) => `${name}: ${show(type, depth + 1)}`);
  return `{${parts.join(', ')}}`;
}
