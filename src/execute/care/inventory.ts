import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { StageRecord } from '../record.js';
import { listed } from '../store/entry.js';
import type { Store } from '../store/store.js';
import { isDigest } from '../store/stored-form.js';
import { recordAsIs } from './record-as-is.js';

/** A file or folder of a store, as it was looked at. */
export interface Thing {
  readonly path: string;
  readonly bytes: number;
  /** When it was last written, moved or made read-only. Milliseconds. */
  readonly changedAt: number;
  readonly inode: number;
}

/** A record that is sound in itself, whether or not its content is there. */
export interface StoredResult extends Thing {
  readonly record: StageRecord;
  /** When it was published. Milliseconds. */
  readonly madeAt: number;
}

/** What lies under a key beside its record. */
export interface Beside extends Thing {
  readonly key: string;
  readonly kind: 'task' | 'log' | 'checkpoint' | 'epochs' | 'kept';
}

/** Everything that lies in a store but roots, locks and what is being made. */
export interface Inventory {
  /** By key. */
  readonly results: ReadonlyMap<string, StoredResult>;
  /** Records that are not what was written: `ssp verify` says more. */
  readonly damaged: readonly (Thing & { readonly key: string })[];
  /** Content by its digest. */
  readonly blobs: ReadonlyMap<string, Thing>;
  readonly beside: readonly Beside[];
  /** Damaged entries that were put aside, and what earlier versions of ssp kept. */
  readonly aside: readonly Thing[];
  /** Digests of files that are remembered. */
  readonly memos: readonly Thing[];
  /** What `ssp log` tells of the runs of each file, the oldest first. */
  readonly runs: readonly (readonly Thing[])[];
  /** Of all of it. */
  readonly bytes: number;
}

/** Looks through a store. Nothing is changed. */
export function takeInventory(store: Store): Inventory {
  const at = (...names: readonly string[]): string => join(store.root, ...names);
  const results = new Map<string, StoredResult>();
  const damaged: (Thing & { readonly key: string })[] = [];
  for (const { name, path } of inShards(at('records'), '.json')) {
    const found = thingAt(path);
    if (found === undefined) continue;
    const read = recordAsIs(store, name);
    if ('wrong' in read) damaged.push({ ...found, key: name });
    else results.set(name, { ...found, record: read.record, madeAt: modifiedAt(path) });
  }
  const blobs = new Map<string, Thing>();
  for (const { name, path } of inShards(at('blobs'), '')) {
    const found = thingAt(path);
    if (found) blobs.set(name, found);
  }
  const beside = [
    ...inShards(at('tasks'), '.json').map(({ name, path }) => [name, 'task', path] as const),
    ...ofKeys(at('logs'), 'log'),
    ...ofKeys(at('checkpoints'), 'checkpoint'),
    ...ofKeys(at('epochs'), 'epochs'),
    ...ofKeys(at('kept'), 'kept'),
  ].flatMap(([key, kind, path]): readonly Beside[] => {
    const found = thingAt(path);
    return found ? [{ ...found, key, kind }] : [];
  });
  const put = [...listed(at('quarantine')).map((name) => at('quarantine', name)), at('latest')];
  const aside = put.flatMap((path) => thingAt(path) ?? []);
  const memos = inShards(at('memo'), '').flatMap(({ path }) => thingAt(path) ?? []);
  const runs = listed(at('runs')).map((file) =>
    listed(at('runs', file))
      .toSorted()
      .flatMap((name) => thingAt(at('runs', file, name)) ?? []),
  );
  const known = [...memos, ...runs.flat()];
  const all = [...results.values(), ...damaged, ...blobs.values(), ...beside, ...aside, ...known];
  const bytes = all.reduce((sum, thing) => sum + thing.bytes, 0);
  return { results, damaged, blobs, beside, aside, memos, runs, bytes };
}

/** The entries `ab/NAME` of a folder whose names are digests. */
function inShards(folder: string, ending: string) {
  return listed(folder).flatMap((shard) =>
    listed(join(folder, shard))
      .filter((file) => file.startsWith(shard) && file.endsWith(ending))
      .map((file) => ({
        name: file.slice(0, file.length - ending.length),
        path: join(folder, shard, file),
      }))
      .filter(({ name }) => isDigest(name)),
  );
}

/** The entries of a folder whose names begin with a key: `KEY`, `KEY.log`, `KEY.time`. */
function ofKeys<Kind extends string>(folder: string, kind: Kind) {
  return listed(folder)
    .filter((name) => isDigest(name.slice(0, 64)))
    .map((name) => [name.slice(0, 64), kind, join(folder, name)] as const);
}

/** What lies at a path, with all that is in it; undefined when it is gone by now. */
export function thingAt(path: string): Thing | undefined {
  const stats = lookAt(path);
  if (stats === undefined) return undefined;
  const own = { path, bytes: stats.size, changedAt: changedAt(stats), inode: stats.ino };
  if (!stats.isDirectory()) return own;
  const inside = namesIn(path).flatMap((name) => thingAt(join(path, name)) ?? []);
  return {
    ...own,
    bytes: inside.reduce((sum, { bytes }) => sum + bytes, 0),
    changedAt: inside.reduce((latest, thing) => Math.max(latest, thing.changedAt), own.changedAt),
  };
}

const changedAt = ({ mtimeMs, ctimeMs }: Stats): number => Math.max(mtimeMs, ctimeMs);

const modifiedAt = (path: string): number => lookAt(path)?.mtimeMs ?? 0;

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // what cannot be looked at is left alone
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
