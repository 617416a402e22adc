import { isRecord } from '../../base/own.js';
import type { StageRecord } from '../record.js';
import { unseal } from '../seal.js';
import { readEntry } from '../store/entry.js';
import type { Store } from '../store/store.js';
import { recordFrom } from '../store/stored-form.js';

/** A record as it lies there. */
export type AsIs =
  | { readonly record: StageRecord }
  /** What is wrong, in words that go on from its path. */
  | { readonly wrong: string };

/** Reads the record of a key and leaves it where it lies, whatever is wrong with it. */
export function recordAsIs(store: Store, key: string): AsIs {
  const { kind, text } = readEntry(store.recordPath(key));
  if (kind === 'none') return { wrong: 'is gone' };
  if (kind === 'damaged') return { wrong: 'is no file' };
  const json = unseal(text);
  if (json === undefined)
    return { wrong: 'is not what was written: its sum is that of another text' };
  if (isRecord(json) && json.key !== key) return { wrong: 'is the record of another key' };
  const record = recordFrom(json, key);
  return record
    ? { record }
    : { wrong: 'has not the form of a record, or its key is of other content' };
}
