import { relative, resolve } from 'node:path';
import { canonical } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import type { Reach } from '../../execute/care/needs.js';
import type { Lock } from '../../execute/lock/lock.js';
import { openWorld } from '../../execute/schedule/open-world.js';
import { isFileGone, keysOfRoot, rootsOf, type StoredRoot } from '../../execute/store/roots.js';
import { Store } from '../../execute/store/store.js';
import { untouchedDisk } from '../../execute/store/untouched-disk.js';
import { planPoints } from '../../plan/build-plan.js';
import type { NumericClass } from '../../plan/plan.js';
import { numericClass } from '../executors/numeric-class.js';
import type { Io } from '../io.js';
import { lockAt, lockNames } from './lock-file.js';
import { openProgram } from './session.js';

/** A file whose results are needed. */
export interface Source {
  /** As people see it from here. */
  readonly file: string;
  /** Keys of the file as it stands, of its lock, and of its last runs. */
  readonly stands: ReadonlySet<string>;
  readonly lock: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
  /** Why it cannot be planned, once for each of the settings under which that is so. */
  readonly unplanned: readonly string[];
  /** What could not be looked at. */
  readonly notes: readonly string[];
}

/** What files reach of a store. */
export interface Reached extends Reach {
  readonly sources: readonly Source[];
  /** Runs of files that are gone. */
  readonly gone: readonly StoredRoot[];
}

export interface ReachOptions {
  readonly now: number;
  /** Runs that are older are forgotten. Milliseconds. */
  readonly unusedFor?: number | undefined;
}

/**
 * What the files reach that are given, or else all files of which the store knows a run. The store is
 * only read: what is damaged stays where it lies.
 * @throws SspError `nothing-known` for a file that is given and reaches nothing: nobody may go by a name
 * that was mistyped.
 */
export async function reachOf(
  io: Io,
  { root }: Store,
  files: readonly string[],
  { now, unusedFor = Number.POSITIVE_INFINITY }: ReachOptions,
): Promise<Reached> {
  const store = new Store(root, untouchedDisk);
  const all = rootsOf(store);
  const usedAt = new Map<string, number>();
  for (const root of all.toReversed()) {
    for (const key of keysOfRoot(root)) usedAt.set(key, root.usedAt);
  }
  const there = all.filter((root) => !isFileGone(root));
  const paths =
    files.length > 0
      ? files.map((file) => resolve(io.cwd, file))
      : [...new Set(there.map(({ at }) => at))];
  const sources: Source[] = [];
  for (const path of paths) {
    // What is named may be gone: its runs are known all the same.
    const runs = all.filter(({ at, usedAt: last }) => at === path && now - last < unusedFor);
    const source = await sourceOf(io, store, path, runs);
    if (files.length > 0) checkReaches(store, source);
    sources.push(source);
  }
  const keys = new Set(sources.flatMap(({ stands, lock, runs }) => [...stands, ...lock, ...runs]));
  return { keys, usedAt, sources, gone: all.filter(isFileGone) };
}

function checkReaches(store: Store, { file, stands, lock, runs, unplanned }: Source): void {
  if (stands.size + lock.size + runs.size > 0) return;
  const [why = `${file} has no result whose key can be told`] = unplanned;
  const nor = `the store ${store.root} knows no run of it`;
  throw new SspError('nothing-known', `${why}, and ${nor}`, {
    help: 'see that this is the name of the file, and what `ssp plan` says of it',
  });
}

async function sourceOf(
  io: Io,
  store: Store,
  path: string,
  roots: readonly StoredRoot[],
): Promise<Source> {
  const file = relative(io.cwd, path) || path;
  const runs = new Set(roots.flatMap(keysOfRoot));
  if (path.endsWith('.lock')) {
    const lock = lockAt(io, file);
    return { file, stands: new Set(), lock: keysOfLock(lock), runs, unplanned: [], notes: [] };
  }
  const stands = new Set<string>();
  const unplanned: string[] = [];
  for (const how of settingsOf(io, roots)) {
    for (const key of await keysAsItStands(io, store, file, how, unplanned)) stands.add(key);
  }
  const notes = unplanned.map((why) => `${why}: what its last runs and its lock name is kept`);
  return { file, stands, lock: lockedKeys(io, file, notes), runs, unplanned, notes };
}

type How = Pick<StoredRoot, 'set' | 'numeric'>;

/** The settings under which a file is planned: none, and those of its runs. */
function settingsOf(io: Io, roots: readonly StoredRoot[]): readonly How[] {
  const all: readonly How[] = [{ set: {}, numeric: numericClass({}, io.env) }, ...roots];
  const different = new Map(
    all.map(({ set, numeric }) => [canonical({ set, numeric: { ...numeric } }), { set, numeric }]),
  );
  return [...different.values()];
}

/** The keys of a file's points that can be told without running anything. */
async function keysAsItStands(
  io: Io,
  store: Store,
  file: string,
  { set, numeric }: { readonly set: How['set']; readonly numeric: NumericClass },
  unplanned: string[],
): Promise<readonly string[]> {
  const given = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  const note = (why: string): readonly string[] => {
    const under = given.length > 0 ? ` under ${given.join(' ')}` : '';
    unplanned.push(`${file}${under} ${why}`);
    return [];
  };
  const said: string[] = [];
  try {
    const quiet = { ...io, err: (line: string) => said.push(line) };
    const points = String(Number.MAX_SAFE_INTEGER);
    const options = { set: given, store: store.root, points };
    const opened = openProgram(quiet, file, options, { withoutData: true });
    if (opened === undefined) return note(`has mistakes (${said.at(-1) ?? 'see ssp check'})`);
    const world = await openWorld(opened.points, {
      store,
      env: io.env,
      numeric,
      of: { file: resolve(io.cwd, file), set },
      without: 'unreadable',
    });
    const { stages } = planPoints(file, opened.points, world);
    return stages.flatMap(({ key }) => key ?? []);
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    return note(`cannot be planned (${error.message})`);
  }
}

/** The keys that the locks of a file name, of all settings. */
function lockedKeys(io: Io, file: string, notes: string[]): ReadonlySet<string> {
  const keys = lockNames(io, file).flatMap((name) => {
    try {
      return [...keysOfLock(lockAt(io, name))];
    } catch (error) {
      if (!(error instanceof SspError)) throw error;
      notes.push(`${error.message}: it is not looked at`);
      return [];
    }
  });
  return new Set(keys);
}

const keysOfLock = ({ stages }: Lock): ReadonlySet<string> =>
  new Set(Object.values(stages).map(({ key }) => key));
