import { dirname } from 'node:path';
import { submissionsIn, sweepSubmissions } from '../slurm/submitted.js';
import { lockKey } from '../store/key-lock.js';
import type { Store } from '../store/store.js';
import { sweep } from '../store/sweep.js';
import type { Piece } from './garbage.js';
import { type Inventory, type Thing, thingAt } from './inventory.js';
import type { Needs } from './needs.js';
import { recordAsIs } from './record-as-is.js';

/** What became of garbage. */
export interface Collected {
  readonly gone: readonly Piece[];
  /** Somebody needs them by now. */
  readonly stayed: readonly Piece[];
  /** Bytes that were freed. */
  readonly bytes: number;
}

/**
 * Removes garbage from a store that others may be using: of each key under its lock, records before
 * the content that they name, and nothing that is otherwise than it was when it was looked at, or is needed by now. Content is moved
 * aside before it goes, so that what a worker has just put in its place stays.
 */
export function collect(
  store: Store,
  inventory: Inventory,
  pieces: readonly Piece[],
  needs: Pick<Needs, 'keys' | 'read'>,
): Collected {
  const gone: Piece[] = [];
  const stayed: Piece[] = [];
  for (const piece of pieces) {
    const { key, kind } = piece;
    // Of a key with a result what attempts have left is of no use to anybody.
    const isOver = kind === 'unfinished' && inventory.results.has(key ?? '');
    const isFree = key === undefined || isOver || !needs.keys.has(key);
    const went = isFree && removed(store, piece);
    (went ? gone : stayed).push(piece);
  }
  const named = namedBesides(store, inventory, gone);
  let bytes = 0;
  for (const piece of gone) {
    bytes += piece.things.reduce((sum, thing) => sum + thing.bytes, 0);
    for (const digest of piece.blobs) {
      const blob = inventory.blobs.get(digest);
      if (blob === undefined || named.has(digest) || needs.read.has(digest)) continue;
      if (removedContent(store, digest, blob)) bytes += blob.bytes;
    }
  }
  sweep(store);
  // Of a driver that was killed, where everything was made after it.
  sweepSubmissions(store, submissionsIn(store, new Map()).values(), () => true);
  return { gone, stayed, bytes };
}

/** Removes what lies under a key; false where somebody works at it or has written to it. */
function removed(store: Store, { key, record, things }: Piece): boolean {
  const free = key === undefined ? () => {} : lockKey(store, key);
  if (free === undefined) return false;
  try {
    const [first] = things;
    if (record !== undefined && first !== undefined) {
      if (!isAsItWas(first)) return false;
      store.disk.unlink(first.path);
    }
    for (const { path } of record === undefined ? things : things.slice(1)) store.disk.remove(path);
    return true;
  } finally {
    free();
  }
}

function isAsItWas({ path, inode, changedAt }: Thing): boolean {
  const now = thingAt(path);
  return now?.inode === inode && now.changedAt === changedAt;
}

/** Content that records name which are there now: some may have been published since the inventory. */
function namedBesides(
  store: Store,
  { results }: Inventory,
  gone: readonly Piece[],
): ReadonlySet<string> {
  const without = new Set(gone.flatMap(({ key, record }) => (key && record ? [key] : [])));
  const there = [...results].filter(([key]) => !without.has(key)).map(([, { record }]) => record);
  const since = store.keys().flatMap((key) => {
    const known = results.get(key);
    if (known !== undefined && isAsItWas(known)) return [];
    const found = recordAsIs(store, key);
    return 'record' in found ? [found.record] : [];
  });
  const files = [...there, ...since].flatMap(({ output }) => Object.values(output.files));
  return new Set(files.map(({ digest }) => digest));
}

function removedContent(store: Store, digest: string, blob: Thing): boolean {
  if (!isAsItWas(blob)) return false;
  const aside = store.temporaryFor(blob.path);
  store.makeFolder(dirname(aside));
  store.disk.rename(blob.path, aside);
  if (thingAt(aside)?.inode !== blob.inode) {
    // A worker has put it there between the look and the move.
    store.publish(aside, blob.path);
    return false;
  }
  store.disk.unlink(aside);
  store.disk.remove(store.memoPath(digest));
  return true;
}
