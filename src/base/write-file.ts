import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { SspError, systemCode } from './errors.js';

/**
 * Writes parts one after another into a file that appears only when it is whole: a reader, or a
 * process killed half-way, never leaves or sees half of it. With `sync` the content is on the disk
 * before its name is.
 * @throws Error of Node (`ENOSPC`, `EACCES` …).
 */
export function writeFileWhole(
  path: string,
  parts: readonly Uint8Array[],
  options: {
    readonly sync?: boolean;
    /** Whose mode and owner the file gets, as far as that is allowed. */
    readonly like?: { readonly mode: number; readonly uid: number; readonly gid: number };
  } = {},
): void {
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = openSync(temporary, 'wx');
    try {
      for (const part of parts) {
        let written = 0;
        while (written < part.length) written += writeSync(file, part, written);
      }
      if (options.like) makeLike(file, options.like);
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

/**
 * Copies a file, whole or not at all, as one that its owner may write over; content of a store may not be
 * written to. A file that is there is replaced, whatever its mode.
 * @throws Error of Node (`ENOSPC`, `EACCES` …).
 */
export function copyFileWhole(from: string, to: string): void {
  const temporary = `${to}.${randomUUID()}.part`;
  try {
    const file = openSync(temporary, 'wx');
    const { mode } = fstatSync(file);
    closeSync(file);
    copyFileSync(from, temporary, constants.COPYFILE_FICLONE);
    chmodSync(temporary, mode);
    renameSync(temporary, to);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Writes to a path that somebody has named. @throws SspError `run-file-not-written` where that cannot be. */
export function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new SspError('run-file-not-written', `cannot write ${path} (${code})`, {
      help: 'name a file in a folder that may be written to',
      cause: error,
    });
  }
}

function makeLike(
  file: number,
  { mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number },
): void {
  const now = fstatSync(file);
  // Only root gives files away; a group has to be one's own.
  if (now.uid !== uid || now.gid !== gid) {
    try {
      fchownSync(file, uid, gid);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
    }
  }
  fchmodSync(file, mode & 0o7777);
}
