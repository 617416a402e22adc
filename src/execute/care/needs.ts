import { keyOfTraining } from '../../plan/key.js';
import { heldKeys } from '../store/key-lock.js';
import type { Store } from '../store/store.js';
import { recordAsIs } from './record-as-is.js';

/** What files, locks and runs name. */
export interface Reach {
  readonly keys: ReadonlySet<string>;
  /** When runs used keys last, whether or not their file is still there. Milliseconds. */
  readonly usedAt: ReadonlyMap<string, number>;
}

/** What somebody needs, or may need. */
export interface Needs extends Reach {
  /** Keys at which a process works. */
  readonly busy: ReadonlySet<string>;
  /** Content that this work reads, by its digest. */
  readonly read: ReadonlySet<string>;
  /** Trainings whose kept epochs may be asked for: reached themselves, or by an encoder on their way. */
  readonly trainings: ReadonlySet<string>;
}

/** What is needed of a store now: what is reached, and what processes work at. */
export function needsOf(store: Store, reach: Reach): Needs {
  const busy = new Set(heldKeys(store));
  const read = new Set<string>();
  const trainings = new Set([...reach.keys, ...busy]);
  for (const key of busy) {
    for (const input of Object.values(store.task(key)?.inputs ?? {})) {
      for (const { digest } of Object.values(input.files)) read.add(digest);
    }
  }
  for (const key of [...trainings]) {
    const found = recordAsIs(store, key);
    const record = 'record' in found ? found.record.record : store.task(key)?.record;
    if (record?.epoch !== undefined) trainings.add(keyOfTraining(record));
  }
  return { ...reach, busy, read, trainings };
}
