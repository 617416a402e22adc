import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { listed, statAt, textAt } from './entry.js';
import type { Store } from './store.js';
import { isDigest } from './stored-form.js';

/*
 * `latest/STAGE/ID.json`: the keys under which points were seen last. Hints for explanations; one
 * that cannot be read is none.
 */

/** Entries of a stage that are looked at for the newest. */
const LOOKED_AT = 1000;

/** The key under which a point was seen last. */
export function latestKey(store: Store, stage: string, id: string): string | undefined {
  return keyIn(join(folderOf(store, stage), nameOf(id)));
}

/** Remembers the key under which a point was seen. */
export function rememberKey(store: Store, stage: string, id: string, key: string): void {
  if (latestKey(store, stage, id) === key) return;
  const path = join(folderOf(store, stage), nameOf(id));
  store.replace(path, JSON.stringify({ id, key }), false);
}

/** Keys of the points of a stage that were seen last, newest first, at most `limit`. */
export function recentKeys(store: Store, stage: string, limit: number): readonly string[] {
  const folder = folderOf(store, stage);
  const entries = listed(folder)
    .slice(0, LOOKED_AT)
    .map((name) => ({ name, at: statAt(join(folder, name))?.mtimeMs ?? 0 }));
  entries.sort((a, b) => b.at - a.at);
  return entries.slice(0, limit).flatMap(({ name }) => keyIn(join(folder, name)) ?? []);
}

function keyIn(path: string): string | undefined {
  try {
    const key: unknown = JSON.parse(textAt(path) ?? 'null')?.key;
    return isDigest(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

const folderOf = (store: Store, stage: string): string =>
  join(store.root, 'latest', shortHash(stage));

const nameOf = (id: string): string => `${shortHash(id)}.json`;

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);
