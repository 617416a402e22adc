import { Store } from '../../execute/store/store.js';
import { checkThere } from '../../execute/store/store-place.js';

/** The store in a folder, for what has nothing to do without one. @throws SspError `no-store`. */
export function storeThere(root: string): Store {
  checkThere(root);
  return new Store(root);
}
