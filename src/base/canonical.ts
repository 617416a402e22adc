import { createHash } from 'node:crypto';
import { Bug } from './errors.js';

/** Plain data with one canonical text. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * The one text of a value: object keys sorted by code unit, no white space, numbers as ECMAScript
 * prints them (`-0` as `0`). Strings and numbers are quoted or not, so every value is framed and no
 * two different values share a text.
 */
export function canonical(value: Json): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Bug(`a key cannot hold ${value}`);
    return JSON.stringify(value === 0 ? 0 : value);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const record = value as { readonly [key: string]: Json };
  const keys = Object.keys(record).sort();
  return `{${keys.map((k) => `${JSON.stringify(k)}:${canonical(record[k] as Json)}`).join(',')}}`;
}

/** SHA-256 (hex) of a type prefix and a canonical text, so that records of two kinds never collide. */
export function digestOf(kind: string, value: Json): string {
  return createHash('sha256').update(`${kind}\n`).update(canonical(value)).digest('hex');
}
