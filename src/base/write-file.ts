import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Writes parts one after another into a file that appears only when it is whole: a reader, or a
 * process killed half-way, never leaves or sees half of it. With `sync` the content is on the disk
 * before its name is.
 * @throws Error of Node (`ENOSPC`, `EACCES` …).
 */
export function writeFileWhole(
  path: string,
  parts: readonly Uint8Array[],
  options: { readonly sync?: boolean } = {},
): void {
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = openSync(temporary, 'wx');
    try {
      for (const part of parts) {
        let written = 0;
        while (written < part.length) written += writeSync(file, part, written);
      }
      if (options.sync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
