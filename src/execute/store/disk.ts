import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SspError, systemCode } from '../../base/errors.js';
import { makeFolder } from '../../base/files/make-folder.js';

/**
 * Every way in which the store changes the disk; tests put one in its place that dies or fills up
 * at the n-th operation.
 */
export interface Disk {
  /** Makes a folder and those around it; one that exists is fine. */
  mkdir(path: string | Buffer): void;
  /** Makes a new file, when durable with its content on the platter; throws when there is one. */
  write(path: string, content: string | Buffer, durable: boolean): void;
  /** Brings a file's content to the platter. */
  sync(path: string): void;
  /** The same for many files, which lie in one folder. */
  syncMany(paths: readonly string[]): void;
  /** Brings a folder's entries to the platter. */
  syncFolder(path: string): void;
  /** Makes a new file with the content of another; shares its blocks where the file system can. */
  copy(from: string | Buffer, to: string | Buffer): Promise<void>;
  /** The same at once. */
  copyNow(from: string, to: string): void;
  /** Says who may read, write and execute a file. */
  chmod(path: string, mode: number): void;
  /** Says that a file was used now. */
  touch(path: string): void;
  rename(from: string, to: string | Buffer): void;
  link(from: string, to: string): void;
  unlink(path: string): void;
  /** Removes a folder with what is in it; none is fine. */
  remove(path: string): void;
}

/** The disk itself. A full disk and a store that may not be written are SspErrors. */
export const nodeDisk: Disk = {
  mkdir: (path) => {
    try {
      makeFolder(path);
    } catch (error) {
      throw systemCode(error) === 'ENOENT'
        ? takesNone(String(path), error)
        : worldError(String(path), error);
    }
  },
  write: (path, content, durable) =>
    guarded(path, () => {
      const file = openSync(path, 'wx');
      try {
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        if (durable) fsyncSync(file);
      } finally {
        closeSync(file);
      }
    }),
  sync: (path) => guarded(path, () => syncAt(path)),
  syncMany: (paths) => {
    const [first] = paths;
    if (first === undefined || (paths.length > FEW && syncedAround(dirname(first)))) return;
    for (const path of paths) guarded(path, () => syncAt(path));
  },
  syncFolder: (path) => {
    try {
      syncAt(path);
    } catch (error) {
      // Some file systems do not let a folder be opened or synced; the rename itself has been done.
      if (!['EISDIR', 'EINVAL', 'EPERM', 'ENOTSUP'].includes(systemCode(error) ?? '')) {
        throw worldError(path, error);
      }
    }
  },
  copy: async (from, to) => {
    try {
      await copyFile(from, to, COPY);
    } catch (error) {
      throw worldError(String(to), error);
    }
  },
  copyNow: (from, to) => guarded(to, () => copyFileSync(from, to, COPY)),
  chmod: (path, mode) => guarded(path, () => chmodSync(path, mode)),
  touch: (path) =>
    guarded(path, () => {
      const now = new Date();
      utimesSync(path, now, now);
    }),
  rename: (from, to) => guarded(String(to), () => renameSync(from, to)),
  link: (from, to) => guarded(to, () => linkSync(from, to)),
  unlink: (path) => guarded(path, () => unlinkSync(path)),
  remove: (path) => guarded(path, () => rmSync(path, { recursive: true, force: true })),
};

/** Never over a file that is there; shares blocks where the file system can. */
const COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

/** Up to so many files are brought to the platter one by one; each may wait for the disk. */
const FEW = 50;

/** Brings all that lies on the disk of a folder to the platter at once, where the system has a program for it. */
function syncedAround(folder: string): boolean {
  try {
    execFileSync('sync', ['-f', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function syncAt(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function takesNone(near: string, cause: unknown): SspError {
  const path = pathAtFault(near, cause, undefined);
  return new SspError(
    'no-permission',
    `the folder ${path} cannot be made: ${dirname(path)} takes no new ones`,
    { help: 'choose another folder, as one on a disk', cause },
  );
}

function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw worldError(path, error);
  }
}

/**
 * Which file an error is of. Of two, as where one is copied, it is the one that was to be made, unless
 * the other cannot be read.
 */
function pathAtFault(near: string, error: unknown, code: string | undefined): string {
  const { path, dest } = (error ?? {}) as { readonly path?: unknown; readonly dest?: unknown };
  if (typeof path !== 'string') return near;
  if (typeof dest !== 'string') return path;
  if (code === 'EIO' || code === 'ESTALE') return `${path} or ${dest}`;
  return code === 'EACCES' && !isReadable(path) ? path : dest;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder of a temporary name, which nobody knows; else the path itself. */
const lasting = (path: string): string =>
  path.replace(/\/[^/]+@[^/]+@\d+@\d+@\d+@[0-9a-f]*(\/.*)?$/s, '');

/** An error of the file system that a user can do something about, as one; others unchanged. */
export function worldError(near: string, error: unknown): unknown {
  const code = systemCode(error);
  const path = pathAtFault(near, error, code);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SspError('disk-full', `no space is left on the disk of ${lasting(path)}`, {
      help: 'free some space, or choose another store with `--store`, and run again; nothing is lost',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new SspError('no-permission', `${path} may not be read or written (${code})`, {
      help: 'change its owner or mode, or choose another store with `--store`',
      cause: error,
    });
  }
  if (code === 'ENAMETOOLONG') {
    return new SspError('name-too-long', `a name is too long in ${path}`, {
      help: 'give a shorter one',
      cause: error,
    });
  }
  if (code === 'EIO' || code === 'ESTALE') {
    return new SspError('machine', `${path} cannot be read or written (${code})`, {
      help: 'the disk or the way to it has failed: look at the log of the system, and run again; nothing is lost',
      cause: error,
    });
  }
  return error;
}
