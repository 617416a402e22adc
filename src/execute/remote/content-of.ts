import type { Blob, StageRecord } from '../record.js';

/** The content of an entry, each digest once. */
export function contentOf({ output }: StageRecord): readonly Blob[] {
  return [...new Map(Object.values(output.files).map((blob) => [blob.digest, blob])).values()];
}
