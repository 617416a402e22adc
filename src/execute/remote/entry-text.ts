import { isRecord } from '../../base/own.js';
import { digestOfRecord } from '../../plan/key.js';
import type { KeyRecord } from '../../plan/plan.js';
import type { StageRecord } from '../record.js';
import { seal, unseal } from '../seal.js';
import { isDigest, recordFrom } from '../store/stored-form.js';

/** An entry as it is shared: the sealed text of its record. */
export const entryText = (record: StageRecord): string => seal(record);

export type ReadEntryText =
  | { readonly record: StageRecord }
  /** What was found and what was expected, as the end of a sentence. */
  | { readonly fault: string };

/** Reads an entry that somebody else wrote: its sum, its form, its digests, and its key from its content. */
export function readEntryText(text: string, key: string): ReadEntryText {
  const json = unseal(text);
  if (!isRecord(json)) {
    return { fault: `is torn or was changed: its ${text.length} characters are not of its sum` };
  }
  if (json.key !== key) {
    const found = isDigest(json.key) ? `of the key ${json.key}` : 'of no key';
    return { fault: `is ${found}, expected ${key}` };
  }
  const record = recordFrom(json, key);
  if (record) return { record };
  const made = keyOfContent(json.record);
  return made === undefined || made === key
    ? { fault: 'has not the form of an entry, or its output is not of its digest' }
    : { fault: `has a record whose key is ${made}, expected ${key}` };
}

function keyOfContent(record: unknown): string | undefined {
  try {
    return isRecord(record) ? digestOfRecord(record as unknown as KeyRecord) : undefined;
  } catch {
    return undefined; // too deep, or with what a key cannot hold
  }
}
