import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SspError } from '../../../base/errors.js';
import type { Source } from '../../artifact/items.js';
import type { Progress } from '../../stage.js';

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

/**
 * Holds files against what is published of them.
 * @throws SspError `data-damaged` that names the first that is another one.
 */
export async function checkPublished(
  files: FilesAt,
  set: PublishedSet,
  progress: (progress: Progress) => void,
): Promise<void> {
  const listed = set.files.flatMap((file) => {
    const path = files.get(file.name);
    return path === undefined ? [] : [{ ...file, path, found: statSync(path).size }];
  });
  for (const { path, bytes, found } of listed) {
    if (bytes === undefined || bytes === found) continue;
    throw damaged(path, `has ${number(found)} bytes; the published file has ${number(bytes)}`, set);
  }
  const total = listed.reduce((sum, { found }) => sum + found, 0);
  let done = 0;
  for (const { path, md5, sha1 } of listed) {
    const expected = md5 ?? sha1;
    if (expected === undefined) continue;
    const hash = createHash(md5 === undefined ? 'sha1' : 'md5');
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) {
      hash.update(chunk);
      done += chunk.length;
      progress({ unit: 'byte', done, total });
    }
    const digest = hash.digest('hex');
    if (digest === expected) continue;
    const kind = md5 === undefined ? 'SHA-1' : 'MD5';
    throw damaged(
      path,
      `is not the published file: its ${kind} is ${digest}, expected ${expected}`,
      set,
    );
  }
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

const number = (value: number): string => value.toLocaleString('en');
