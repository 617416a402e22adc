import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { SspError, systemCode } from '../../base/errors.js';
import { lstatAt, statAt } from './entry.js';

/** Said of a store in the wrong place. */
const help = 'choose another folder with `--store` or SSP_STORE';

/** @throws SspError where there is no folder and none can be made. */
export function checkPlace(root: string): void {
  const { at, is } = nearest(root);
  if (is === 'folder') return;
  const why = at === root ? `is ${is}` : `cannot be made: ${at} is ${is}`;
  throw new SspError('store-not-a-folder', `the store ${root} ${why}`, { help });
}

/** A store has its `format.json`; one of an early ssp may have results alone. */
export const isStore = (root: string): boolean =>
  ['format.json', 'records'].some((name) => statAt(join(root, name)) !== undefined);

/** @throws SspError `no-store` where there is none. */
export function checkThere(root: string): void {
  if (isStore(root)) return;
  const why = statAt(root) ? ': the folder has neither a format.json nor records' : '';
  throw new SspError('no-store', `there is no store ${root}${why}`, {
    help: 'name the folder of one with `--store` or SSP_STORE; `ssp run` makes it',
  });
}

/** The place, or the nearest around it where something is, and what that is. */
function nearest(root: string): { readonly at: string; readonly is: string } {
  for (let at = root; ; at = dirname(at)) {
    const found = statAt(at);
    if (found) return { at, is: found.isDirectory() ? 'folder' : 'a file, not a folder' };
    if (lstatAt(at)) {
      return { at, is: 'a link to a place where nothing is' };
    }
    if (at === dirname(at)) return { at, is: 'folder' };
  }
}

/** The folder, or the nearest one above it that exists, has to take new files. @throws SspError `store-not-writable`. */
export function checkWritable(root: string): void {
  for (let at = root; ; at = dirname(at)) {
    try {
      accessSync(at, constants.W_OK);
      return;
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT' && at !== dirname(at)) continue;
      const why = systemCode(cause) === 'EROFS' ? 'is read-only' : 'may not be written to';
      throw new SspError(
        'store-not-writable',
        `the store ${root} cannot be written: ${at} ${why}`,
        { help, cause },
      );
    }
  }
}
