import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { canonical, type Json } from '../../base/canonical.js';
import { type Lock, settingsText } from '../lock/lock.js';
import { seal, unseal } from '../seal.js';
import { listed, textAt } from '../store/entry.js';
import { pathFromStore } from '../store/roots.js';
import type { Store } from '../store/store.js';
import { entryFrom, type RunEntry } from './run-entry.js';

/*
 * `runs/HASH/TIME.json`: the whole runs of a file, each with its lock, so that it says the same when
 * results are gone. A file is known by its path from the folder of the store, or where it lies
 * elsewhere by its whole path. What cannot be read is none.
 */

/** The runs of a file, the oldest first. `path` is absolute. */
export function runsOf(store: Store, path: string): readonly RunEntry[] {
  return namesOf(store, path).flatMap((name) => entryAt(store, path, name) ?? []);
}

/** Did the last run with the settings of a lock come to the same results? */
export function isLogged(store: Store, path: string, lock: Lock): boolean {
  const set = settingsText(lock.set);
  for (const name of namesOf(store, path).toReversed()) {
    const before = entryAt(store, path, name)?.lock;
    if (before === undefined || settingsText(before.set) !== set) continue;
    return resultsText(before) === resultsText(lock);
  }
  return false;
}

/** Remembers a run. @throws SspError where the store cannot be written. */
export function logRun(store: Store, path: string, entry: RunEntry): void {
  const time = entry.finishedAt.replaceAll(/[^\dTZ]/g, '');
  const salt = createHash('sha256').update(settingsText(entry.lock.set)).digest('hex').slice(0, 8);
  store.replace(join(runsFolder(store, path), `${time}-${salt}.json`), seal(entry));
}

/** Keys and results: times are none of a run's meaning. */
const resultsText = ({ stages }: Lock): string =>
  canonical(
    Object.fromEntries(
      Object.entries(stages).map(([id, { key, output }]): [string, Json] => [id, [key, output]]),
    ),
  );

const namesOf = (store: Store, path: string): readonly string[] =>
  listed(runsFolder(store, path))
    .filter((name) => name.endsWith('.json'))
    .toSorted();

function entryAt(store: Store, path: string, name: string): RunEntry | undefined {
  const text = textAt(join(runsFolder(store, path), name));
  return text === undefined ? undefined : entryFrom(unseal(text));
}

/** Where the runs of a file are. `path` is absolute. */
export function runsFolder(store: Store, path: string): string {
  const known = createHash('sha256').update(pathFromStore(store, path)).digest('hex');
  return join(store.root, 'runs', known.slice(0, 32));
}
