import type { Json } from './canonical.js';

/**
 * What a record has of its own under a name. Names of users may be those of every object, such as
 * `constructor` and `__proto__`.
 */
export function own<T>(record: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Is it an object with fields: no list, and not null? */
export function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>>;
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>>;
export function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
