import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { SspError, systemCode } from '../../base/errors.js';
import { type Disk, worldError } from './disk.js';
import { lstatAt, statAt } from './entry.js';
import { temporaryName } from './temporary-name.js';

/** Parts of a store that may lie on a file system of their own: what is to be renamed into one lies in it. */
const PARTS = ['blobs', 'records', 'tasks', 'memo'];

/** What the system says where something else stands in the way. */
const IN_THE_WAY = ['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'ENOENT', 'ELOOP'];

/**
 * A folder whose entries appear whole or not at all: each is written under a temporary name, synced
 * and renamed. What stands in the way of an entry is put aside into `quarantine/`.
 */
export class Entries {
  readonly root: string;
  readonly disk: Disk;

  constructor(root: string, disk: Disk) {
    this.root = resolve(root);
    this.disk = disk;
  }

  /** A new path for a temporary file or folder; `owner` says whose it is. */
  temporary(owner: string): string {
    return join(this.root, 'tmp', temporaryName(owner));
  }

  /** The same for a file that is to be published at a path: on its disk. */
  temporaryFor(path: string): string {
    const [part = ''] = relative(this.root, path).split(sep);
    return join(this.root, PARTS.includes(part) ? part : '', 'tmp', temporaryName(basename(path)));
  }

  /** All folders in which temporary files and folders lie. */
  temporaryFolders(): readonly string[] {
    return ['', ...PARTS].map((part) => join(this.root, part, 'tmp'));
  }

  /** Makes a folder and those around it. */
  makeFolder(path: string): void {
    this.healing(path, 'folder', () => this.disk.mkdir(path));
  }

  /** Makes a temporary file. */
  write(temporary: string, content: string | Buffer, durable: boolean): void {
    this.healing(temporary, 'file', () => this.disk.write(temporary, content, durable));
  }

  /** Moves a temporary file or folder to its place; one that stands there is replaced. */
  publish(temporary: string, path: string): void {
    this.healing(path, 'file', () => this.disk.rename(temporary, path));
  }

  /** Replaces a file at once: whoever reads sees the old or the new content. */
  replace(path: string, content: string, durable = true): void {
    const temporary = this.temporaryFor(path);
    try {
      this.write(temporary, content, durable);
      this.publish(temporary, path);
    } catch (error) {
      this.discard(temporary);
      throw error;
    }
    if (durable) this.disk.syncFolder(dirname(path));
  }

  /** Removes what nobody needs any more. Where that fails it is no reason to fail: it is swept away later. */
  discard(path: string): void {
    try {
      this.disk.remove(path);
    } catch (error) {
      if (!(error instanceof SspError) && systemCode(error) === undefined) throw error;
    }
  }

  /** Puts aside what stands where a file or folder of the store's own is to be, such as a link. */
  clearWay(path: string, kind: 'file' | 'folder'): void {
    const found = lstatAt(path);
    const fits = kind === 'file' ? found?.isFile() : found?.isDirectory();
    if (fits === false) this.quarantine(path);
  }

  /**
   * Puts a damaged entry aside. What is not inside the store, as a link may lead out of it, stays
   * where it is, and so does everything in a store that may not be written.
   */
  quarantine(path: string): void {
    try {
      const inside = relative(realpathSync(this.root), realpathSync(dirname(path)));
      if (inside === '..' || inside.startsWith(`..${sep}`)) return;
      const to = join(this.root, 'quarantine', `${basename(path)}-${process.pid}-${Date.now()}`);
      this.disk.mkdir(dirname(to));
      this.disk.rename(path, to);
    } catch (error) {
      if (!(error instanceof SspError) && systemCode(error) === undefined) throw error;
    }
  }

  /**
   * Does something to a path. Where a folder around it is missing or something stands in the way, that
   * is mended, and it is done again.
   */
  private healing(path: string, kind: 'file' | 'folder', act: () => void): void {
    try {
      act();
      return;
    } catch (error) {
      if (!IN_THE_WAY.includes(systemCode(error) ?? '')) throw inWords(path, error);
    }
    try {
      const blocking = this.blocking(path, kind);
      if (blocking !== undefined) this.quarantine(blocking);
      if (kind === 'file') this.disk.mkdir(dirname(path));
      act();
    } catch (error) {
      throw inWords(path, error);
    }
  }

  /** The first on the way to a path that is no folder, or the path itself when it is of the other kind. */
  private blocking(path: string, kind: 'file' | 'folder'): string | undefined {
    const parts = relative(this.root, path).split(sep);
    for (let n = 1; n <= parts.length; n += 1) {
      const at = join(this.root, ...parts.slice(0, n));
      if (!lstatAt(at)) return undefined;
      if ((statAt(at)?.isDirectory() === true) !== (n < parts.length || kind === 'folder'))
        return at;
    }
    return undefined;
  }
}

function inWords(path: string, error: unknown): unknown {
  const world = worldError(path, error);
  if (world instanceof SspError || systemCode(error) === undefined) return world;
  return new SspError(
    'store-damaged',
    `${path} of the store cannot be written (${systemCode(error)})`,
    { help: 'move it away, or choose another store with `--store` or SSP_STORE', cause: error },
  );
}
