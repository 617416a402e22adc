import { SspError } from '../../base/errors.js';
import type { Blob, StageRecord } from '../record.js';
import { verifyBlob } from '../store/blobs.js';
import type { Store } from '../store/store.js';
import { contentOf } from './content-of.js';
import { entryText } from './entry-text.js';
import { knownThere } from './known-there.js';
import { type Look, lookThrough } from './look-through.js';
import { bytesContent, type Content, eachAtOnce, type Remote } from './remote.js';

export interface Sent {
  /** Entries that the remote had not, or of which it had not all. */
  readonly sent: number;
  /** Entries that it had. */
  readonly there: number;
  /** Bytes of content and entries that were sent. */
  readonly bytes: number;
}

export interface SendOptions {
  /** Reads all that the remote has of it, whatever is remembered, and replaces what is wrong. */
  readonly recheck?: boolean;
  /** What is sent in the place of a record: the same, signed. */
  readonly sign?: (record: StageRecord) => StageRecord;
  readonly onSent?: (done: number, total: number) => void;
}

/**
 * Sends what a remote has not: of an entry first its content, each file read and held against its
 * digest, then its record. So whoever finds the record finds its content, at whatever moment this ends.
 */
export async function sendEntries(
  remote: Remote,
  store: Store,
  records: readonly StageRecord[],
  { recheck = false, sign = (record) => record, onSent }: SendOptions = {},
): Promise<Sent> {
  const known = knownThere(store, remote);
  const look = recheck ? lookThrough(remote) : undefined;
  if (look) known.forget();
  const there = await (look ? look.whole : known.of)(records.map(({ key }) => key));
  for (const key of there) known.add(key);
  const missing = records.filter(({ key }) => !there.has(key));
  let [sent, bytes, done] = [0, 0, 0];
  const sending = new Map<string, Promise<void>>();
  /** Once for all entries that have this content; who comes later waits for it too. */
  const sendOnce = (record: StageRecord, blob: Blob): Promise<void> => {
    const begun =
      sending.get(blob.digest) ??
      sendBlob(remote, store, record, blob, look).then((size) => {
        bytes += size;
      });
    sending.set(blob.digest, begun);
    return begun;
  };
  await eachAtOnce(missing, async (record) => {
    // All of it is waited for, so that nothing is under way when an error is told.
    const ends = await Promise.allSettled(contentOf(record).map((blob) => sendOnce(record, blob)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    const entry = bytesContent(Buffer.from(entryText(sign(record))));
    if (look) {
      sent += 1;
      bytes += await mendEntry(remote, look, record, entry);
    } else if (await remote.putIfAbsent('ac', record.key, entry)) {
      sent += 1;
      bytes += entry.size;
    }
    known.add(record.key);
    done += 1;
    onSent?.(done, missing.length);
  });
  await remote.close?.();
  known.remember();
  return { sent, there: records.length - sent, bytes };
}

/** Puts an entry in the place of one that is not sound, or is of content that nobody has; the bytes that were sent. */
async function mendEntry(
  remote: Remote,
  look: Look,
  { key, output }: StageRecord,
  entry: Content,
): Promise<number> {
  // A sound one may be signed by somebody else.
  if (look.outputOf(key) === output.digest) return 0;
  await remote.replace('ac', key, entry);
  return entry.size;
}

/** Sends a file of a result unless it is there; the bytes that were sent. */
async function sendBlob(
  remote: Remote,
  store: Store,
  { id }: StageRecord,
  blob: Blob,
  look: Look | undefined,
): Promise<number> {
  const { digest, size } = blob;
  if (await (look ? look.hasContent(blob) : remote.has('cas', digest))) return 0;
  if (!(await verifyBlob(store, blob))) {
    throw new SspError('input-lost', `the content ${digest} of \`${id}\` is damaged or gone`, {
      help: '`ssp run` makes it again',
    });
  }
  const content = { path: store.blobPath(digest), size };
  if (look) {
    await remote.replace('cas', digest, content);
    return size;
  }
  return (await remote.putIfAbsent('cas', digest, content)) ? size : 0;
}
