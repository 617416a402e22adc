import { createHash, type Hash } from 'node:crypto';
import { SspError } from '../../base/errors.js';
import type { HttpRequest } from './http.js';
import { bytesContent, type Content, type Slice, slicesOf, streamOf } from './remote.js';

const MIB = 2 ** 20;

/** A file that is larger goes in parts of at least so much. Bytes. */
export const PART = 64 * MIB;
/** What S3 takes of one file: so many parts, of so many bytes. */
const MOST_PARTS = 10_000;
const LARGEST_PART = 5 * 2 ** 30;

/** How often a server is asked to put the parts together. */
const TRIES = 3;

/** Asks a server of S3, signed: with the SHA-256 of what is sent, and only where nothing has the name. */
export type S3Request = (
  method: HttpRequest['method'],
  url: string,
  answers: readonly number[],
  more?: {
    readonly content?: Content | Slice;
    readonly digest?: string;
    readonly absent?: boolean;
  },
) => Promise<Response>;

interface LargeFile {
  readonly address: string;
  readonly request: S3Request;
  readonly url: string;
  /** The SHA-256 of the file. */
  readonly name: string;
  readonly file: { readonly path: string; readonly size: number };
  /** No part is smaller, but the last. Bytes, 5 MiB or more. */
  readonly partSize: number;
  /** Only where nothing has the name. */
  readonly absent: boolean;
}

/**
 * Puts a large file by a multipart upload, unless something has its name and is to stay; was it put? Of an upload
 * nothing is seen before the server puts its parts together. Each part is read twice, for its SHA-256,
 * which the server holds it against, and to be sent; no more than a buffer of it is in memory. A part
 * that does not arrive is sent again; an upload that fails is given up, and the next try is a new one.
 */
export async function putInParts(large: LargeFile): Promise<boolean> {
  const { address, request, url, file } = large;
  const partSize = partSizeOf(large);
  const begun = await request('POST', `${url}?uploads=`, [200]);
  const [, id] = /<UploadId>([^<]+)</.exec(await begun.text()) ?? [];
  if (id === undefined) throw failed(address, 'names no upload where one is begun');
  const upload = `uploadId=${encodeURIComponent(id)}`;
  try {
    const whole = createHash('sha256');
    const parts: string[] = [];
    for (const slice of slicesOf(file, partSize)) {
      const number = parts.length + 1;
      const sent = { content: slice, digest: await digestOf(slice, whole) };
      const response = await request('PUT', `${url}?partNumber=${number}&${upload}`, [200], sent);
      await response.body?.cancel();
      const tag = response.headers.get('etag');
      if (tag === null) throw failed(address, `gives part ${number} no ETag`);
      parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag></Part>`);
    }
    if (whole.digest('hex') !== large.name) {
      throw new SspError('input-lost', `the content ${large.name} was damaged while it was sent`, {
        help: '`ssp verify --repair` finds out what is damaged, `ssp run` makes it again',
      });
    }
    if (await completed(large, upload, parts)) return true;
  } catch (error) {
    await givenUp(large, upload);
    throw error;
  }
  await givenUp(large, upload);
  return false;
}

/** As small as `partSize` allows, as large as the most parts ask. */
function partSizeOf({ address, file, partSize }: LargeFile): number {
  const size = Math.max(partSize, Math.ceil(file.size / MOST_PARTS / MIB) * MIB);
  if (size <= LARGEST_PART) return size;
  const most = `${MOST_PARTS} parts of 5 GiB`;
  throw new SspError(
    'remote-failed',
    `the remote ${address} takes files of ${most}, not of ${file.size} bytes`,
    { help: 'share this result through a folder' },
  );
}

/** Lets the server put the parts together, unless something has the name by now and is to stay. */
async function completed(
  { address, request, url, absent }: LargeFile,
  upload: string,
  parts: readonly string[],
): Promise<boolean> {
  const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
  const bytes = Buffer.from(xml);
  const sent = { content: bytesContent(bytes), digest: sha256(bytes), absent };
  for (let tried = 1; ; tried += 1) {
    const response = await request('POST', `${url}?${upload}`, [200, 404, 412], sent);
    const said = await response.text();
    if (response.status === 412) return false;
    // A server that takes long begins its answer before it knows how that ends.
    if (response.status === 200 && !said.includes('<Error>')) return true;
    const gone = response.status === 404;
    // An upload that is gone has ended, where an answer was lost and the server asked again.
    if (gone && (await request('HEAD', url, [200, 404])).status === 200) return true;
    if (gone || tried === TRIES) {
      const [, why = said] = /<Message>([^<]*)/.exec(said) ?? [];
      throw failed(address, `does not put the parts of a file together: ${why.slice(0, 200)}`);
    }
  }
}

/** Lets the server forget the parts; where it does not answer either, they stay, and nobody sees them. */
async function givenUp({ request, url }: LargeFile, upload: string): Promise<void> {
  await request('DELETE', `${url}?${upload}`, [200, 204, 404]).catch(() => {});
}

async function digestOf(slice: Content | Slice, whole: Hash): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of streamOf(slice)) {
    hash.update(piece);
    whole.update(piece);
  }
  return hash.digest('hex');
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const failed = (address: string, what: string): SspError =>
  new SspError('remote-failed', `the remote ${address} ${what}`, {
    help: 'try again; nothing is lost, and nothing of the file is seen there',
  });
