import type { Json } from '../../base/canonical.js';
import { own } from '../../base/own.js';
import type { Type } from '../types.js';
import { showNumber } from './units.js';

/** The canonical text of a known value: `10%`, `64px`, `"a"`, `0.2..1`, `[1, 2]`, `{a: 1}`. */
export function showValue(value: Json, type: Type): string {
  if (value === null) return 'none';
  if (type.kind === 'optional') return showValue(value, type.of);
  if (typeof value === 'number') {
    return showNumber(value, type.kind === 'number' ? type.unit : 'Float');
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    const of: Type = type.kind === 'list' ? type.of : { kind: 'unknown' };
    return `[${(value as readonly Json[]).map((item) => showValue(item, of)).join(', ')}]`;
  }
  const record = value as Readonly<Record<string, Json>>;
  if (type.kind === 'range') {
    const end = (name: string) => showValue(own(record, name) ?? null, type.of);
    return `${end('low')}..${end('high')}`;
  }
  const fields = Object.entries(record).map(([name, field]) => {
    const of: Type = (type.kind === 'record' && own(type.fields, name)) || { kind: 'unknown' };
    return `${name}: ${showValue(field, of)}`;
  });
  return `{${fields.join(', ')}}`;
}
