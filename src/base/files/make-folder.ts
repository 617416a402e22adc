import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../errors.js';

/**
 * Makes a folder and those around it; one that exists is fine. Node's own `recursive` goes round for
 * ever where a folder is there and takes none, as `/proc`.
 * @throws Error of Node (`ENOENT`: the folder around it is there, and takes none).
 */
export function makeFolder(path: string | Buffer): void {
  if (isFolder(path) || made(path) !== 'ENOENT') return;
  makeFolder(around(path));
  if (made(path) === 'ENOENT') mkdirSync(path);
}

/** Makes one folder; says that there is none around it, and throws what else stands in the way. */
function made(path: string | Buffer): 'ENOENT' | undefined {
  try {
    mkdirSync(path);
  } catch (error) {
    if (isFolder(path)) return undefined;
    if (systemCode(error) === 'ENOENT') return 'ENOENT';
    throw error;
  }
  return undefined;
}

/** The folder that a path lies in; of bytes that are no text, in the same bytes. */
function around(path: string | Buffer): string | Buffer {
  if (typeof path === 'string') return dirname(path);
  return Buffer.from(dirname(path.toString('latin1')), 'latin1');
}

const isFolder = (path: string | Buffer): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
