import { Store } from '../../execute/store/store.js';
import { checkThere, isStore } from '../../execute/store/store-place.js';
import { untouchedDisk } from '../../execute/store/untouched-disk.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { givenStore } from './store-folder.js';

/** The store in a folder, for what has nothing to do without one. @throws SspError `no-store`. */
export function storeThere(root: string): Store {
  checkThere(root);
  return new Store(root);
}

/**
 * Opens the store in a folder for what only looks: one that was named and is not there may be a slip,
 * so it is told and not made.
 */
export const storeToLookAt =
  (io: Io, options: Options) =>
  (root: string): Store => {
    if (givenStore(io, options) === undefined || isStore(root)) return new Store(root);
    const store = new Store(root, untouchedDisk);
    io.err(`note: there is no store ${root} yet`);
    return store;
  };
