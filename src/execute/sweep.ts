import { join } from 'node:path';
import { lockKey } from './key-lock.js';
import { startOf } from './process-start.js';
import { hostPart, listed, type Store } from './store.js';

/**
 * Removes what processes that are gone have left: temporary files and folders of this machine,
 * locks, and checkpoints of stages whose result is there.
 */
export function sweep(store: Store): void {
  for (const name of listed(join(store.root, 'tmp'))) {
    const [, host, pid] = name.split('@');
    if (host === hostPart() && startOf(Number(pid)) === undefined) {
      store.disk.remove(join(store.root, 'tmp', name));
    }
  }
  // Taking a lock frees it where its holder is gone.
  for (const key of listed(join(store.root, 'locks'))) lockKey(store, key)?.();
  for (const key of listed(join(store.root, 'checkpoints'))) {
    if (store.find(key).kind !== 'hit') continue;
    const free = lockKey(store, key);
    if (free) store.disk.remove(store.checkpointPath(key));
    free?.();
  }
}
