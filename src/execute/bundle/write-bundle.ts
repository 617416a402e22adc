import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import type { Json } from '../../base/canonical.js';
import { SspError, systemCode } from '../../base/errors.js';
import type { Blob, StageRecord } from '../record.js';
import { contentOf } from '../remote/content-of.js';
import { entryText } from '../remote/entry-text.js';
import { verifyBlob } from '../store/blobs.js';
import type { Store } from '../store/store.js';
import { MANIFEST, type Manifest, PLAN, SOURCE } from './manifest.js';

export interface BundleContent {
  /** The report, a page that needs nothing else. */
  readonly page: string;
  readonly manifest: Manifest;
  readonly plan: Json;
  /** By name below `source/`. */
  readonly sources: ReadonlyMap<string, Buffer>;
  readonly records: readonly StageRecord[];
  /** Files of results that are larger are left out. Bytes. */
  readonly largest: number;
}

export interface WrittenBundle {
  readonly bytes: number;
  /** Content that was left out, each once. */
  readonly without: readonly Blob[];
}

/** A browser shows nothing of what comes behind this, and nothing in that can end it. */
const HIDDEN = '\n<plaintext hidden>\n';

/** The same content gives the same bytes. */
const ALIKE = { mtime: new Date(2000, 0, 1), mode: 0o100644, forceDosTimestamp: true };

/** Writes a bundle, which appears when it is whole. @throws SspError `bundle-not-written`, `input-lost`. */
export async function writeBundle(
  path: string,
  store: Store,
  content: BundleContent,
): Promise<WrittenBundle> {
  const head = Buffer.from(content.page.replace(/\s*<\/body>\s*<\/html>\s*$/, '') + HIDDEN);
  const zip = new yazl.ZipFile();
  // The page lies before the archive: what the archive says of places counts from the file's begin.
  Object.assign(zip, { outputStreamCursor: head.length });
  const add = (name: string, bytes: Buffer): void => zip.addBuffer(bytes, name, ALIKE);
  const json = (value: object | Json): Buffer => Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
  add(MANIFEST, json(content.manifest));
  add(PLAN, json(content.plan));
  for (const [name, bytes] of content.sources) add(`${SOURCE}${name}`, bytes);
  const { kept, without } = await contentToKeep(store, content);
  for (const record of content.records) add(`ac/${record.key}`, Buffer.from(entryText(record)));
  for (const { digest } of kept) {
    zip.addFile(store.blobPath(digest), `cas/${digest}`, { ...ALIKE, compress: false });
  }
  zip.end();
  const temporary = `${path}.${process.pid}.part`;
  try {
    const out = createWriteStream(temporary, { flags: 'wx' });
    out.write(head);
    await pipeline(zip.outputStream, out);
    await rename(temporary, path);
    return { bytes: out.bytesWritten, without };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (systemCode(error) === undefined) throw error;
    throw new SspError('bundle-not-written', `cannot write ${path} (${systemCode(error)})`, {
      help: 'name a file in a folder that can be written with -o FILE',
      cause: error,
    });
  }
}

async function contentToKeep(
  store: Store,
  { records, largest }: BundleContent,
): Promise<{ readonly kept: readonly Blob[]; readonly without: readonly Blob[] }> {
  const blobs = new Map<string, Blob>();
  for (const blob of records.flatMap(contentOf)) blobs.set(blob.digest, blob);
  const all = [...blobs.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  const kept = all.filter(({ size }) => size <= largest);
  for (const blob of kept) {
    if (await verifyBlob(store, blob)) continue;
    throw new SspError('input-lost', `the content ${blob.digest} of a result is damaged or gone`, {
      help: '`ssp run` makes it again',
    });
  }
  return { kept, without: all.filter(({ size }) => size > largest) };
}
