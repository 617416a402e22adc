import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SspError } from '../../../base/errors.js';
import type { Source } from '../../artifact/items.js';

/** A data set as its authors publish it. */
export interface PublishedSet {
  readonly source: Source;
  /** What to take from `page`, and the folder that it unpacks to. */
  readonly archive: string;
  readonly folder: string;
  readonly page: string;
  readonly files: readonly PublishedFile[];
}

/** A file of it; the digest is that of the one file that everybody has. */
export interface PublishedFile {
  readonly name: string;
  readonly bytes?: number;
  readonly md5?: string;
  readonly sha1?: string;
}

/** Paths of a data set's files by their names. */
export type FilesAt = ReadonlyMap<string, string>;

/**
 * The files of a data set in a folder, or in the folder of its archive there.
 * @throws SspError `data-missing` that names those that are not there, what is expected and where it comes from.
 */
export function findFiles(root: string, set: PublishedSet, help?: string): FilesAt {
  requireFolder(root, set);
  const inside = join(root, set.folder);
  const folder = isFolder(inside) ? inside : root;
  const there = new Set(isFolder(folder) ? readdirSync(folder) : []);
  const missing = set.files.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  if (missing.length === 0) return new Map(set.files.map(({ name }) => [name, join(folder, name)]));
  const names = set.files.map(({ name }) => name).join(', ');
  throw new SspError('data-missing', `${folder} has no ${missing.join(', ')}`, {
    help: `${help === undefined ? '' : `${help}; `}expected there or in its folder ${set.folder}: ${names}; they are ${set.archive} of ${set.page}, unpacked`,
  });
}

/** @throws SspError `data-missing` where the root is an archive, as it may be of `std.data.images`. */
export function requireFolder(root: string, set: PublishedSet): void {
  if (isFolder(root)) return;
  throw new SspError(
    'data-missing',
    `${root} is a file; ${set.source.name} is read from a folder`,
    {
      help: `give the folder with its files, which are those of ${set.archive} of ${set.page}`,
    },
  );
}

/** A file that is there and not what it should be. */
export function damaged(path: string, what: string, set: PublishedSet): SspError {
  return new SspError('data-damaged', `${path} ${what}`, {
    help: `unpack ${set.archive} of ${set.page} again; a part of the data set, or one of the same form, is read with \`check: "layout"\``,
  });
}

/** A file that is not of its form, whatever is checked. */
export function malformed(path: string, what: string, set: PublishedSet): SspError {
  return new SspError('data-damaged', `${basename(path)} ${what}`, {
    help: `it is ${path}; the form is that of ${set.archive} of ${set.page}`,
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
