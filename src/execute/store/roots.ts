import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { canonical } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { own } from '../../base/own.js';
import { processSpace } from '../processes/process-space.js';
import { seal, unseal } from '../seal.js';
import { listed, readEntry, statAt } from './entry.js';
import { lockKey } from './key-lock.js';
import type { KeysOfPoints, Root } from './root.js';
import type { Store } from './store.js';
import { rootFrom } from './stored-form.js';

/** A root as it stands in a store. */
export interface StoredRoot extends Root {
  readonly path: string;
  /** Absolute path of the file, which need not be there. */
  readonly at: string;
  /** When the last run of it was. Milliseconds. */
  readonly usedAt: number;
}

/** What a run is of. */
export interface RunOf extends Pick<Root, 'set' | 'numeric'> {
  /** Absolute path. */
  readonly file: string;
}

/** A point of a run, with its key where that is known. */
export interface RootPoint {
  readonly stage: string;
  readonly id: string;
  readonly key?: string | undefined;
}

/** All roots of a store, the one of the latest run first. */
export function rootsOf(store: Store): readonly StoredRoot[] {
  const folder = join(store.root, 'roots');
  const found = listed(folder).flatMap((name) => rootAt(store, join(folder, name)) ?? []);
  return found.sort((a, b) => b.usedAt - a.usedAt || (a.path < b.path ? -1 : 1));
}

/**
 * Writes what a run uses: the keys of its points that are known by now; of the others those of the run
 * before. A key that had a result stays beside a new one that has none yet: a run may be interrupted. A
 * run of a `part` of the file adds to what was there, under a lock: parts that run beside each other lose
 * nothing of each other. A store that may only be read remembers nothing.
 */
export function rememberRun(
  store: Store,
  of: RunOf,
  points: readonly RootPoint[],
  { part }: { readonly part: boolean },
): void {
  if (points.length === 0) return;
  const { host } = processSpace();
  const root = { version: 1, ...of, file: pathFromStore(store, of.file), host } as const;
  try {
    store.prepare();
    const free = lockFor(store, root);
    try {
      const path = pathOf(store, root);
      const known = rootAt(store, path);
      const stages = merged(known?.stages ?? {}, points, part);
      const before = known && withResults(store, known, stages);
      store.replace(path, seal({ ...root, stages, ...(before && { before }) }), false);
    } finally {
      free();
    }
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
  }
}

/** How long a root is waited for, and how often is looked. Milliseconds. */
const PATIENCE = 5000;
const LOOK = 20;

/**
 * Waits for the lock of a root; writing takes milliseconds, so who holds it for longer is stopped, or was
 * on a machine that died, and is not waited for.
 */
function lockFor(store: Store, root: RootName): () => void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const until = performance.now() + PATIENCE;
  for (;;) {
    const free = lockKey(store, digestOf(root));
    if (free) return free;
    if (performance.now() >= until) return () => {};
    Atomics.wait(clock, 0, 0, LOOK);
  }
}

/** The keys of points, where they are not known those of before; of a part also those of other points. */
function merged(before: KeysOfPoints, points: readonly RootPoint[], part: boolean): KeysOfPoints {
  const stages = new Map<string, Map<string, string>>();
  const add = (stage: string, id: string, key: string): void => {
    const known = stages.get(stage) ?? new Map<string, string>();
    stages.set(stage, known.set(id, key));
  };
  if (part) {
    for (const [stage, ids] of Object.entries(before)) {
      for (const [id, key] of Object.entries(ids)) add(stage, id, key);
    }
  }
  for (const { stage, id, key = own(own(before, stage) ?? {}, id) } of points) {
    if (key !== undefined) add(stage, id, key);
  }
  return asRecord(stages);
}

/** Of points whose key has no result: the last one that had, if there is one. */
function withResults(store: Store, known: Root, stages: KeysOfPoints): KeysOfPoints | undefined {
  const kept = new Map<string, Map<string, string>>();
  for (const [stage, ids] of Object.entries(stages)) {
    for (const [id, key] of Object.entries(ids)) {
      const earlier = keysIn(known, stage, id).filter((other) => other !== key);
      if (earlier.length === 0 || store.hasRecord(key)) continue;
      const last = earlier.find((other) => store.hasRecord(other));
      if (last === undefined) continue;
      const others = kept.get(stage) ?? new Map<string, string>();
      kept.set(stage, others.set(id, last));
    }
  }
  return kept.size === 0 ? undefined : asRecord(kept);
}

const asRecord = (keys: ReadonlyMap<string, ReadonlyMap<string, string>>): KeysOfPoints =>
  Object.fromEntries([...keys].map(([stage, ids]) => [stage, Object.fromEntries(ids)]));

/** The keys of a point in a root: that of its last run, and the one before that had a result. */
export const keysIn = (
  { stages, before = {} }: Root,
  stage: string,
  id: string,
): readonly string[] => [stages, before].flatMap((keys) => own(own(keys, stage) ?? {}, id) ?? []);

/** What the last run of a file here wrote, with the digest of its text; undefined where there is nothing whole. */
export function rootOfRun(
  store: Store,
  of: RunOf,
): (StoredRoot & { readonly digest: string }) | undefined {
  const path = pathOf(store, { ...of, file: pathFromStore(store, of.file) });
  const { kind, text } = readEntry(path);
  const root = kind === 'text' ? rootIn(store, path, text) : undefined;
  if (root === undefined || root.host !== processSpace().host) return undefined;
  return {
    ...root,
    digest: createHash('sha256')
      .update(text ?? '')
      .digest('hex'),
  };
}

/** Forgets runs of files that are gone. */
export function forgetRuns(store: Store, roots: readonly StoredRoot[]): void {
  for (const { path } of roots) store.disk.remove(path);
}

/** Is the file of a run gone, as far as can be told from here? */
export function isFileGone({ at, host }: StoredRoot): boolean {
  return host === processSpace().host && statAt(at) === undefined;
}

/** All keys that a run used, and those that it would have taken the place of. */
export const keysOfRoot = ({ stages, before = {} }: Root): readonly string[] =>
  [stages, before].flatMap((keys) => Object.values(keys).flatMap((ids) => Object.values(ids)));

function rootAt(store: Store, path: string): StoredRoot | undefined {
  const { kind, text } = readEntry(path);
  return kind === 'text' ? rootIn(store, path, text) : undefined;
}

function rootIn(store: Store, path: string, text: string): StoredRoot | undefined {
  const json = unseal(text);
  const root = json === undefined ? undefined : rootFrom(json);
  if (root === undefined || pathOf(store, root) !== path) return undefined;
  const at = isAbsolute(root.file) ? root.file : resolve(dirname(store.root), root.file);
  return { ...root, path, at, usedAt: statAt(path)?.mtimeMs ?? 0 };
}

/** One for each file, its settings and the class of its numbers. */
type RootName = Pick<Root, 'file' | 'set' | 'numeric'>;

const pathOf = (store: Store, root: RootName): string =>
  join(store.root, 'roots', `${digestOf(root).slice(0, 32)}.json`);

function digestOf({ file, set, numeric }: RootName): string {
  const text = canonical({ file, set, numeric: { ...numeric } });
  return createHash('sha256').update(text).digest('hex');
}

/** A path in the folder around the store from there, so that both can be moved; else as it is. */
export function pathFromStore(store: Store, file: string): string {
  const from = relative(dirname(store.root), file);
  const isOutside = isAbsolute(from) || from === '..' || from.startsWith(`..${sep}`);
  return isOutside ? file : from.split(sep).join('/');
}
