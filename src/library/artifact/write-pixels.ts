import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../../base/errors.js';
import { continueNpy, createNpy, isBegun, type NpyWriter } from '../../base/files/npy.js';
import { fileOfRow, type PixelFile } from './pixel-files.js';

/** Files of pixels in a folder. */
export interface PixelFolder {
  readonly folder: string;
  readonly files: readonly PixelFile[];
  /** Height and width. */
  readonly size: number;
}

/** Writes rows of pixels into files, in any order. */
export interface PixelWriter {
  /** Puts rows that follow one another; many at once beside what goes on: then they hold until it is fulfilled. */
  put(row: number, pixels: Uint8Array): Promise<void> | undefined;
  /** Brings what was put to the platter. */
  sync(): Promise<void>;
  close(): void;
}

/** Are all files there, as {@link beginPixels} makes them? */
export const arePixelsBegun = ({ folder, files, size }: PixelFolder): boolean =>
  files.every(({ name, count }) => isBegun(join(folder, name), [count, size, size, 3]));

/** Makes the files anew, black; rows that nobody puts take no room where the disk has holes. */
export function beginPixels({ folder, files, size }: PixelFolder): void {
  for (const { name, count } of files) {
    rmSync(join(folder, name), { force: true });
    createNpy(join(folder, name), [count, size, size, 3]).close();
  }
}

/** Fewer bytes are written sooner than somebody else is asked to. */
const manyBytes = 2 ** 19;

/** Writes into files that are begun. */
export function writePixels({ folder, files, size }: PixelFolder): PixelWriter {
  const length = size * size * 3;
  const open = new Map<PixelFile, NpyWriter>();
  const changed = new Set<NpyWriter>();
  const sending = new Set<Promise<void>>();
  const send = (writer: NpyWriter, at: number, bytes: Uint8Array): void => {
    const sent = writer.send(at, bytes);
    sending.add(sent);
    sent.then(
      () => {
        sending.delete(sent);
        changed.add(writer);
      },
      // It stays among them: whoever waits for it is told, and whoever syncs.
      () => {},
    );
  };
  const opened = (file: PixelFile): NpyWriter => {
    const before = open.get(file);
    if (before) return before;
    const writer = continueNpy(join(folder, file.name), [file.count, size, size, 3]);
    open.set(file, writer);
    return writer;
  };
  const settled = async (): Promise<void> => {
    await Promise.all(sending);
  };
  return {
    put(row, pixels) {
      const rows = pixels.length / length;
      for (let done = 0; done < rows; ) {
        const file = files[fileOfRow(files, row + done)];
        const at = row + done - (file?.from ?? 0);
        invariant(file && at < file.count, `row ${row + done} is in one of the files`);
        const here = Math.min(rows - done, file.count - at);
        const writer = opened(file);
        const bytes = pixels.subarray(done * length, (done + here) * length);
        if (pixels.length >= manyBytes) send(writer, at * length, bytes);
        else {
          writer.write(at * length, bytes);
          changed.add(writer);
        }
        done += here;
      }
      if (pixels.length < manyBytes) return undefined;
      const sent = settled();
      sent.catch(() => {});
      return sent;
    },
    async sync() {
      await settled();
      const put = [...changed];
      changed.clear();
      await Promise.all(put.map((writer) => writer.sync()));
    },
    close() {
      for (const writer of open.values()) writer.close();
    },
  };
}
