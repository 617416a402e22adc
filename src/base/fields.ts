import type { Json } from './canonical.js';
import { isRecord } from './own.js';

/** The fields of a record of plain data. */
export type Fields = Readonly<Record<string, Json>>;

/** The fields of a record; none of anything else. */
export const fieldsOf = (value: Json | undefined): Fields => (isRecord(value) ? value : {});

/** The fields of a record, or the items of a list by their places; none of anything else. */
export function partsOf(value: Json | undefined): Fields {
  return Array.isArray(value) ? Object.fromEntries(value.entries()) : fieldsOf(value);
}
