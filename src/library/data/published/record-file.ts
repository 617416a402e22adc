import { type FileHandle, open } from 'node:fs/promises';
import { invariant } from '../../../base/errors.js';

/** A file of records of one length, each with the three planes of a square image. */
export interface RecordFile {
  readonly path: string;
  readonly records: number;
  readonly form: RecordForm;
}

/** What a record is: bytes of labels, then the planes of red, green and blue. */
export interface RecordForm {
  /** Height and width in pixels. */
  readonly size: number;
  /** Bytes before the pixels. */
  readonly labels: number;
  /** Which of a plane's pixels follow one another: those of a row, or those of a column. */
  readonly order: 'rows' | 'columns';
}

/** Bytes of a record. */
export const lengthOf = ({ size, labels }: RecordForm): number => labels + 3 * size * size;

/** Bytes that are read at once, about: they stay in a core's cache until they are pixels. */
export const atOnce = 2 ** 20;

/** Where records are read to: {@link atOnce} bytes each, as one is filled while the other is used. */
export type Rooms = readonly [Buffer, Buffer];

/** The records of a file in their order, some at a time; the bytes hold until the next are asked for. */
export async function* readRecords(
  file: RecordFile,
  rooms: Rooms = [Buffer.allocUnsafe(atOnce), Buffer.allocUnsafe(atOnce)],
): AsyncGenerator<{ readonly first: number; readonly bytes: Buffer }> {
  const length = lengthOf(file.form);
  const batch = Math.floor(atOnce / length);
  invariant(batch > 0, `a record of ${length} bytes is read at once`);
  const handle = await open(file.path);
  const read = (first: number, into: Buffer): Promise<Buffer> =>
    fill(handle, into.subarray(0, Math.min(batch, file.records - first) * length), first * length);
  let [here, other] = rooms;
  let next = read(0, here);
  try {
    for (let first = 0; first < file.records; first += batch) {
      const bytes = await next;
      // What comes then is read while these are used.
      next = read(Math.min(first + batch, file.records), other);
      yield { first, bytes };
      [here, other] = [other, here];
    }
  } finally {
    await next.catch(() => {});
    await handle.close();
  }
}

/** The bytes before the pixels of all records, those of one after another. */
export async function readLabels(file: RecordFile): Promise<Uint8Array> {
  const { labels } = file.form;
  const length = lengthOf(file.form);
  const found = new Uint8Array(file.records * labels);
  let to = 0;
  for await (const { bytes } of readRecords(file)) {
    for (let at = 0; at < bytes.length; at += length) {
      for (let label = 0; label < labels; label++) found[to++] = bytes[at + label] ?? 0;
    }
  }
  return found;
}

async function fill(handle: FileHandle, into: Buffer, position: number): Promise<Buffer> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    done += bytesRead;
  }
  return into;
}
