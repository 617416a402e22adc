import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { systemCode } from '../../base/errors.js';
import { worldError } from './disk.js';

/** What lies where a store has a small file. */
export type Entry =
  | { readonly kind: 'none'; readonly text?: never }
  | { readonly kind: 'text'; readonly text: string }
  /** Something else: a folder, a link in a circle, a device, more than a text can be. */
  | { readonly kind: 'damaged'; readonly text?: never };

const NONE: Entry = { kind: 'none' };
const DAMAGED: Entry = { kind: 'damaged' };

/** Reads a small file of a store; a FIFO in its place is not waited for. @throws SspError where it may not be read. */
export function readEntry(path: string): Entry {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(file).isFile()) return DAMAGED;
      return { kind: 'text', text: readFileSync(file, 'utf8') };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return NONE;
    const world = worldError(path, error);
    if (world !== error) throw world;
    return DAMAGED;
  }
}

/** What lies at a path, links followed; undefined where they lead to nothing. @throws SspError where it may not be looked at. */
export const statAt = (path: string): Stats | undefined => lookAt(path, statSync);

/** What lies at a path itself. @throws SspError where it may not be looked at. */
export const lstatAt = (path: string): Stats | undefined => lookAt(path, lstatSync);

function lookAt(path: string, look: (path: string) => Stats): Stats | undefined {
  try {
    return look(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(error) ?? '')) return undefined;
    throw worldError(path, error);
  }
}

/** The text of a small file that the store can do without. */
export function textAt(path: string): string | undefined {
  try {
    const entry = readEntry(path);
    return entry.kind === 'text' ? entry.text : undefined;
  } catch {
    return undefined;
  }
}

/** The names in a folder; none where there is no folder. */
export function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return [];
    throw worldError(folder, error);
  }
}
