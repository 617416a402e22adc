import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SspError } from '../../base/errors.js';
import type { Blob, StageRecord } from '../record.js';
import { worldError } from '../store/disk.js';
import type { Store } from '../store/store.js';
import { contentOf } from './content-of.js';
import { entryThere, streamThere } from './read-there.js';
import type { Remote } from './remote.js';

/** What became of the wish for an entry. */
export type Fetched =
  | { readonly kind: 'came'; readonly record: StageRecord; readonly bytes: number }
  | { readonly kind: 'absent' }
  /** It is not what it says: nothing of it is in the store. One sentence. */
  | { readonly kind: 'refused'; readonly why: string };

/** Says why an entry whose form is sound is not wanted all the same, such as that nobody signed it. */
export type Objection = (record: StageRecord) => string | undefined;

/**
 * Brings an entry from a remote into a store: first its text, which is checked, then its content, each
 * file held against its size and digest before the store has it, then the record, which makes it
 * visible. Whatever ends this half-way leaves only content that no record names.
 */
export async function fetchEntry(
  remote: Remote,
  store: Store,
  key: string,
  objection: Objection = () => undefined,
): Promise<Fetched> {
  const refused = (what: string, why: string, at: string): Fetched => ({
    kind: 'refused',
    why: `${what} of ${remote.name} ${why}; it was not taken (${at})`,
  });
  const found = await entryThere(remote, key);
  if (found.kind === 'absent') return found;
  const why = found.kind === 'wrong' ? found.fault : objection(found.record);
  if (found.kind === 'wrong' || why !== undefined) {
    return refused(`the entry ${key}`, why ?? '', remote.at('ac', key));
  }
  const { record } = found;
  let size = found.bytes;
  store.prepare();
  for (const blob of contentOf(record)) {
    if (store.claim(blob)) continue;
    const fault = await fetchBlob(remote, store, blob);
    if (fault !== undefined) {
      const content = `the content ${blob.digest} of \`${record.id}\``;
      return refused(content, fault, remote.at('cas', blob.digest));
    }
    size += blob.size;
  }
  store.putRecord(record);
  return { kind: 'came', record, bytes: size };
}

/** Brings content into the store when it is what its name says; else what was found, and expected. */
async function fetchBlob(remote: Remote, store: Store, blob: Blob): Promise<string | undefined> {
  const stream = await streamThere(remote, 'cas', blob.digest);
  if (stream === undefined) return 'is not there, though the entry names it';
  const path = store.blobPath(blob.digest);
  const temporary = store.temporaryFor(path);
  try {
    store.makeFolder(dirname(temporary));
    const found = await received(stream, temporary, blob.size);
    if (found.size !== blob.size || found.digest !== blob.digest) {
      store.disk.remove(temporary);
      return faultOf(found, blob);
    }
    store.disk.chmod(temporary, 0o444);
    store.disk.sync(temporary);
    store.publish(temporary, path);
    return undefined;
  } catch (error) {
    store.disk.remove(temporary);
    throw worldError(temporary, error);
  }
}

function faultOf(found: Blob, expected: Blob): string {
  if (found.size > expected.size) return `has more than the ${expected.size} bytes expected`;
  if (found.size < expected.size) return `has ${found.size} bytes, expected ${expected.size}`;
  return `has the SHA-256 ${found.digest}, expected ${expected.digest}`;
}

/** Writes a stream into a new file; one that is too long is cut off. */
async function received(stream: Readable, path: string, most: number): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(
    stream,
    async function* (parts: AsyncIterable<Buffer>) {
      for await (const part of parts) {
        size += part.length;
        if (size > most) return;
        hash.update(part);
        yield part;
      }
    },
    createWriteStream(path, { flags: 'wx' }),
  );
  return { digest: size > most ? '' : hash.digest('hex'), size };
}

/** A remote that does not answer is no reason to end what can go on without it. */
export async function orUnanswered<T, U>(
  act: () => Promise<T>,
  otherwise: (why: string) => U,
): Promise<T | U> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    return otherwise(error.message);
  }
}
