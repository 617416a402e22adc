import { Readable } from 'node:stream';
import { SspError } from '../../base/errors.js';
import type { StageRecord } from '../record.js';
import { readEntryText } from './entry-text.js';
import { LONGEST_ENTRY, type Part, type Remote, wholeOf } from './remote.js';

/** What a remote has under a key. */
export type EntryThere =
  | { readonly kind: 'absent' }
  /** It is not what it says: what was found and what was expected, as the end of a sentence. */
  | { readonly kind: 'wrong'; readonly fault: string }
  | { readonly kind: 'sound'; readonly record: StageRecord; readonly bytes: number };

/** Reads an entry of a remote, which may hold anything. */
export async function entryThere(remote: Remote, key: string): Promise<EntryThere> {
  const stream = await streamThere(remote, 'ac', key);
  if (stream === undefined) return { kind: 'absent' };
  const bytes = await wholeOf(stream, LONGEST_ENTRY);
  if (bytes === undefined) {
    return { kind: 'wrong', fault: `is larger than ${LONGEST_ENTRY} bytes` };
  }
  const read = readEntryText(bytes.toString(), key);
  return 'fault' in read
    ? { kind: 'wrong', fault: read.fault }
    : { kind: 'sound', record: read.record, bytes: bytes.length };
}

/** What a remote gives under a name; that it breaks off is an SspError that names the remote. */
export async function streamThere(
  remote: Remote,
  part: Part,
  name: string,
): Promise<Readable | undefined> {
  const stream = await remote.get(part, name);
  return stream && Readable.from(unbroken(remote, stream));
}

async function* unbroken(remote: Remote, stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof SspError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new SspError('remote-failed', `the remote ${remote.name} broke off: ${said}`, {
      help: 'try again; nothing is lost',
      cause: error,
    });
  }
}
