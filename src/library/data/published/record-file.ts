import { type FileHandle, open } from 'node:fs/promises';

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

/** Bytes that are read at once, about. */
const atOnce = 2 ** 23;

/** The records of a file in their order, some at a time; the bytes hold until the next are asked for. */
export async function* readRecords(
  file: RecordFile,
): AsyncGenerator<{ readonly first: number; readonly bytes: Uint8Array }> {
  const length = lengthOf(file.form);
  const batch = Math.max(1, Math.floor(atOnce / length));
  const buffer = Buffer.allocUnsafe(batch * length);
  const handle = await open(file.path);
  try {
    for (let first = 0; first < file.records; first += batch) {
      const wanted = Math.min(batch, file.records - first) * length;
      await fill(handle, buffer.subarray(0, wanted), first * length);
      yield { first, bytes: buffer.subarray(0, wanted) };
    }
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    done += bytesRead;
  }
}

/** Writes a record's pixels from their planes as RGB, (size, size, 3). */
export function copyPixels(
  record: Uint8Array,
  { size, labels, order }: RecordForm,
  into: Uint8Array,
): void {
  const plane = size * size;
  for (let channel = 0; channel < 3; channel++) {
    let from = labels + channel * plane;
    if (order === 'rows') {
      for (let to = channel; to < 3 * plane; to += 3) into[to] = record[from++] ?? 0;
      continue;
    }
    for (let x = 0; x < size; x++) {
      for (let to = 3 * x + channel; to < 3 * plane; to += 3 * size) {
        into[to] = record[from++] ?? 0;
      }
    }
  }
}
