import { fieldsOf } from '../../base/fields.js';
import { digestOfRecord } from '../../plan/key.js';
import type { KeyRecord } from '../../plan/plan.js';
import { seenInKey } from '../../plan/seen.js';
import type { Inventory } from './inventory.js';

/**
 * Keys with those by way of which their results are found: what a module of the user's has seen goes
 * into a key behind that of a result which saw less.
 */
export function withPrecursors(
  reached: ReadonlySet<string>,
  { results }: Pick<Inventory, 'results'>,
): ReadonlySet<string> {
  const further = new Map<string, number>();
  for (const key of reached) {
    const record = results.get(key)?.record.record;
    const seen = record === undefined ? 0 : seenCount(record);
    if (record === undefined || seen === 0) continue;
    const stem = stemOf(record);
    further.set(stem, Math.max(seen, further.get(stem) ?? 0));
  }
  if (further.size === 0) return reached;
  const all = new Set(reached);
  for (const [key, { record }] of results) {
    if (record.record.code === undefined) continue;
    if (seenCount(record.record) < (further.get(stemOf(record.record)) ?? 0)) all.add(key);
  }
  return all;
}

/** How much of what was seen is in a key. */
function seenCount(record: KeyRecord): number {
  const { declared, files = {} } = seenInKey(record) ?? {};
  return Object.keys(files).length + (declared === undefined ? 0 : 1);
}

/** The key that a record has without what was seen. */
function stemOf({ code, ...record }: KeyRecord): string {
  const { declared: _, seen: __, ...plain } = fieldsOf(code);
  return digestOfRecord({ ...record, code: plain });
}
