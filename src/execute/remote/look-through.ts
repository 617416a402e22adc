import { createHash } from 'node:crypto';
import type { Blob } from '../record.js';
import { contentOf } from './content-of.js';
import { entryThere, streamThere } from './read-there.js';
import { eachAtOnce, type Remote } from './remote.js';

/** What a remote has when all of it is read. */
export interface Look {
  /** Which of some keys have an entry that a `pull` would take, with all of its content. */
  whole(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** The digest of the output of an entry that was sound, whether or not its content was. */
  outputOf(key: string): string | undefined;
  /** Is a content there, with its size and digest? Each is read once. */
  hasContent(blob: Blob): Promise<boolean>;
}

/** Reads what a remote has as a `pull` does, and keeps nothing. */
export function lookThrough(remote: Remote): Look {
  const contents = new Map<string, Promise<boolean>>();
  const outputs = new Map<string, string>();
  const hasContent = (blob: Blob): Promise<boolean> => {
    const read = contents.get(blob.digest) ?? isContentThere(remote, blob);
    contents.set(blob.digest, read);
    return read;
  };
  const whole = async (keys: readonly string[]): Promise<ReadonlySet<string>> => {
    const found = new Set<string>();
    await eachAtOnce(keys, async (key) => {
      const entry = await entryThere(remote, key);
      if (entry.kind !== 'sound') return;
      outputs.set(key, entry.record.output.digest);
      for (const blob of contentOf(entry.record)) if (!(await hasContent(blob))) return;
      found.add(key);
    });
    return found;
  };
  return { whole, outputOf: (key) => outputs.get(key), hasContent };
}

async function isContentThere(remote: Remote, { digest, size }: Blob): Promise<boolean> {
  const stream = await streamThere(remote, 'cas', digest);
  if (stream === undefined) return false;
  const hash = createHash('sha256');
  let read = 0;
  for await (const piece of stream) {
    read += piece.length;
    if (read > size) return false;
    hash.update(piece);
  }
  return read === size && hash.digest('hex') === digest;
}
