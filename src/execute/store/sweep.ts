import { join } from 'node:path';
import { timePath } from '../processes/spent-time.js';
import { listed, statAt } from './entry.js';
import { lockKey } from './key-lock.js';
import type { Store } from './store.js';
import { isDigest } from './stored-form.js';
import { ownerOfTemporary } from './temporary-name.js';

/** Temporary entries of processes that cannot be seen from here stay so long. Milliseconds. */
const ABANDONED = 24 * 3_600_000;

/**
 * Removes what processes that are gone have left: temporary files and folders, locks, and
 * checkpoints of stages whose result is there. What a process of another machine or container has
 * made is removed when it is old and nobody holds its key.
 */
export function sweep(store: Store): void {
  for (const folder of store.temporaryFolders()) {
    for (const name of listed(folder)) {
      if (isLeft(store, folder, name)) store.disk.remove(join(folder, name));
    }
  }
  // Taking a lock frees it where its holder is gone.
  for (const key of listed(join(store.root, 'locks')).filter(isDigest)) lockKey(store, key)?.();
  const left = (key: string) => [store.checkpointPath(key), timePath(store.checkpointPath(key))];
  for (const key of listed(join(store.root, 'checkpoints')).filter(isDigest)) {
    if (store.find(key).kind !== 'hit') continue;
    const free = lockKey(store, key);
    if (free) for (const path of left(key)) store.disk.remove(path);
    free?.();
  }
}

function isLeft(store: Store, folder: string, name: string): boolean {
  const found = ownerOfTemporary(name);
  if (found === undefined || found.maker === 'alive') return false;
  if (found.maker === 'gone') return true;
  const changed = statAt(join(folder, name))?.mtimeMs;
  if (changed === undefined || Date.now() - changed < ABANDONED) return false;
  if (!isDigest(found.owner)) return true;
  const free = lockKey(store, found.owner);
  free?.();
  return free !== undefined;
}
