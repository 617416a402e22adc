import { dirname, resolve } from 'node:path';
import { Bug, SspError } from '../../base/errors.js';
import { isAbsent } from '../../base/files/is-absent.js';
import type { Place } from '../../base/source.js';
import { areOtherPrograms, distance } from '../../plan/explain.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { KeyRecord, NumericClass, StagePoint } from '../../plan/plan.js';
import type { Lookup, PlanWorld } from '../../plan/plan-world.js';
import { acceptedText } from '../accept/accepted-text.js';
import { contentState, type OnRead } from '../store/content.js';
import { lastSeen, type SeenBy } from '../store/latest.js';
import { recordsByStage } from '../store/nearest-record.js';
import type { Found, Store } from '../store/store.js';
import { seenAt, seenFolder } from '../worker/seen-files.js';

export interface WorldOptions {
  readonly store: Store;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly numeric: NumericClass;
  readonly maxPoints?: number | undefined;
  /** The program's file, and what `--set` gave. Paths of files are relative to its folder. */
  readonly of: SeenBy;
  /**
   * Goes on without what the points name and that is not there (`absent`), or that cannot be read
   * (`unreadable`); else it is an error.
   */
  readonly without?: 'absent' | 'unreadable' | undefined;
  /** Called with each file that has to be read for its digest. */
  readonly onRead?: OnRead | undefined;
  /** Told what lies outside of the store where it was looked. */
  readonly onLook?: OnLook | undefined;
  /** Ends the reading of files. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Told what was found: the digest of a file or folder, by its absolute path, and where a module of the
 * user's (absolute) looked what lies there now, as `seenAt` says it.
 */
export interface OnLook {
  readonly content: (kind: 'file' | 'folder', path: string, digest: string) => void;
  readonly seen: (module: string, path: string, found: string) => void;
}

/** What planning needs to know of the disk, which may change meanwhile. */
export interface DiskWorld extends PlanWorld {
  /** Looks again at the files and folders that points name. */
  readonly reread: (points: readonly StagePoint[]) => Promise<void>;
}

/** Records looked at for the nearest one, for a stage and in all. */
const NEAR = 30;
const COMPARISONS = 5000;

/**
 * What planning needs to know of the disk: the digests of all files and folders that the points
 * name, and the store. Throws an SspError that names a file which cannot be read, unless the world is
 * opened `without` it.
 */
export async function openWorld(
  points: readonly StagePoint[],
  options: WorldOptions,
): Promise<DiskWorld> {
  const { store, onRead, onLook, signal } = options;
  const cwd = dirname(options.of.file);
  const digests = new Map<string, string | undefined>();
  const folders = new Map<string, string>();
  const digestOf = async (at: string, kind: 'file' | 'folder'): Promise<string | undefined> => {
    if (options.without && isAbsent(at)) return undefined;
    try {
      const { digest } = await contentState(at, kind, { memory: store.memory, onRead, signal });
      onLook?.content(kind, at, digest);
      return digest;
    } catch (error) {
      if (options.without !== 'unreadable' || !(error instanceof SspError)) throw error;
      return undefined;
    }
  };
  const reread = async (of: readonly StagePoint[]): Promise<void> => {
    for (const { path, kind, at } of pathsOf(of)) {
      const digest = digestOf(resolve(cwd, path), kind);
      digests.set(`${kind} ${path}`, await digest.catch((error) => rethrown(error, at)));
    }
  };
  const folderOf = (module: string): string => {
    const known = folders.get(module) ?? seenFolder(resolve(cwd, module));
    folders.set(module, known);
    return known;
  };
  await reread(points);
  return {
    reread,
    env: options.env,
    maxPoints: options.maxPoints,
    numeric: options.numeric,
    contents: (path, kind) => {
      const name = `${kind} ${path}`;
      return digests.has(name) ? digests.get(name) : unread(path);
    },
    lookup: (key) => lookupOf(store.find(key)),
    seenNow: (module, path) => {
      const found = seenAt(folderOf(module), path);
      onLook?.seen(resolve(cwd, module), path, found);
      return found;
    },
    latest: latestOf(store, options.of),
  };
}

/** The same of a file that cannot be read, with the line that names it. */
function rethrown(error: unknown, { file, line }: Place): never {
  if (!(error instanceof SspError) || error.code === 'interrupted') throw error;
  const { code, message, help, cause } = error;
  throw new SspError(code, `${file}:${line}: ${message}`, {
    ...(help === undefined ? {} : { help }),
    cause,
  });
}

/** What a store has under a key, as planning asks for it. */
export function lookupOf(found: Found): Lookup {
  if (found.kind !== 'hit') return found;
  const { seen, accepted } = found.record;
  return { kind: 'hit', output: found.output, seen, accepted: acceptedText(accepted) };
}

function unread(path: string): never {
  throw new Bug(`${path} was not read before planning`);
}

/**
 * The record to explain against: the latest of the id in runs of the file, else the nearest of the
 * stage's recent ones.
 */
function latestOf(store: Store, of: SeenBy): PlanWorld['latest'] {
  const seen = lastSeen(store, of);
  const recent = new Map<string, readonly KeyRecord[]>();
  let records: ReturnType<typeof recordsByStage> | undefined;
  const newest = () => {
    records ??= recordsByStage(store);
    return records;
  };
  let left = COMPARISONS;
  return (id, record) => {
    for (const key of seen.own(record.stage, id)) {
      const own = store.record(key)?.record;
      if (own) return own;
    }
    let candidates = recent.get(record.stage);
    if (!candidates) {
      candidates = seen.recent(record.stage, NEAR).map((near) => near.record);
      // No run that is written down has a result of the stage.
      if (candidates.length === 0) {
        candidates = (newest().get(record.stage) ?? []).slice(0, NEAR).map((near) => near.record);
      }
      recent.set(record.stage, candidates);
    }
    let best: { readonly record: KeyRecord; readonly far: number } | undefined;
    for (const candidate of candidates) {
      if (left <= 0) break;
      left -= 1;
      if (areOtherPrograms(candidate, record)) continue;
      const far = distance(candidate, record);
      if (best === undefined || far < best.far) best = { record: candidate, far };
    }
    return best?.record;
  };
}
