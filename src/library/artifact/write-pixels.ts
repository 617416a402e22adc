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
  /** Puts rows that follow one another. */
  put(row: number, pixels: Uint8Array): void;
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

/** Writes into files that are begun. */
export function writePixels({ folder, files, size }: PixelFolder): PixelWriter {
  const length = size * size * 3;
  const open = new Map<PixelFile, NpyWriter>();
  const changed = new Set<NpyWriter>();
  const opened = (file: PixelFile): NpyWriter => {
    const before = open.get(file);
    if (before) return before;
    const writer = continueNpy(join(folder, file.name), [file.count, size, size, 3]);
    open.set(file, writer);
    return writer;
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
        writer.write(at * length, pixels.subarray(done * length, (done + here) * length));
        changed.add(writer);
        done += here;
      }
    },
    async sync() {
      const put = [...changed];
      changed.clear();
      await Promise.all(put.map((writer) => writer.sync()));
    },
    close() {
      for (const writer of open.values()) writer.close();
    },
  };
}
