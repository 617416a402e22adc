import type { Json } from '../../base/canonical.js';
import { own } from '../../base/own.js';
import type { Type } from '../types.js';
import { type NumberType, numberType } from './join-types.js';
import { showValue } from './show-value.js';

/** What of a value breaks the bounds of its type, as text; undefined where nothing does, as far as it is known. */
export function outOfBounds(value: Json, type: Type): string | undefined {
  if (type.kind === 'optional') return value === null ? undefined : outOfBounds(value, type.of);
  if (type.kind === 'enum' && typeof value === 'string') {
    return type.choices.includes(value) ? undefined : JSON.stringify(value);
  }
  if (type.kind === 'number' && typeof value === 'number') {
    return oddNumber(value, type);
  }
  if (type.kind === 'list' && Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => outOfBounds(item, type.of)).find(Boolean);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const record = value as Readonly<Record<string, Json>>;
  if (type.kind === 'range') {
    const [low, high] = [record.low ?? null, record.high ?? null];
    return outOfBounds(low, type.of) ?? outOfBounds(high, type.of);
  }
  if (type.kind !== 'record') return undefined;
  return Object.entries(type.fields)
    .map(([name, field]) => outOfBounds(own(record, name) ?? null, field))
    .find(Boolean);
}

function oddNumber(value: number, type: NumberType): string | undefined {
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY, unit } = type;
  const whole = unit === 'Int' || unit === 'Pixels' || unit === 'Bytes';
  const fine = Number.isFinite(value) && value >= low && value <= high;
  return fine && (!whole || Number.isInteger(value))
    ? undefined
    : showValue(value, numberType(unit));
}
