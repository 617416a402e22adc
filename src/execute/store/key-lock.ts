import { dirname, join } from 'node:path';
import { systemCode } from '../../base/errors.js';
import { isRecord } from '../../base/own.js';
import { type ClusterJob, clusterJob, isJobGone } from '../processes/cluster-job.js';
import { groupState } from '../processes/process-group.js';
import { type ProcessSpace, processSpace } from '../processes/process-space.js';
import { startOf } from '../processes/process-start.js';
import { listed, statAt, textAt } from './entry.js';
import type { Store } from './store.js';
import { isDigest } from './stored-form.js';

/** Who holds a lock, and where its process number is one. Locks of before have no `space`. */
interface Holder extends Pick<ProcessSpace, 'host'>, Partial<Pick<ProcessSpace, 'space'>> {
  readonly pid: number;
  /** When that process started, so that a later process with its number is not taken for it. */
  readonly start: string;
  /** Where it is part of a job of Slurm. */
  readonly slurm?: ClusterJob;
}

/** A lock of another machine that was not touched for so long is free. Milliseconds. */
const SILENT = 15 * 60_000;
/** The same where the host has this one's name: another container, or this machine before it started anew. */
const SILENT_HERE = 3 * 60_000;
/** Of one that is silent for so long, whose holder was part of a job of Slurm, Slurm is asked. */
const DOUBTFUL = 90_000;
const TOUCH = 30_000;

/** Takes the lock of a key; returns what frees it, or undefined while a live process holds it. */
export function lockKey(store: Store, key: string): (() => void) | undefined {
  const path = store.lockPath(key);
  const start = startOf(process.pid) ?? '';
  const slurm = clusterJob();
  const holder: Holder = { pid: process.pid, start, ...processSpace(), ...(slurm && { slurm }) };
  const mine = JSON.stringify(holder);
  const temporary = store.temporary('lock');
  store.makeFolder(dirname(path));
  store.clearWay(path, 'file');
  store.write(temporary, mine, false);
  try {
    if (!linked(store, temporary, path, mine)) {
      if (!freed(store, path) || !linked(store, temporary, path, mine)) return undefined;
    }
  } finally {
    store.discard(temporary);
  }
  const beat = setInterval(() => touch(store, path), TOUCH);
  beat.unref();
  return () => {
    clearInterval(beat);
    // Else it is free when this process is gone.
    if (textAt(path) === mine) store.discard(path);
  };
}

/** A link appears with its content, and only where there was none. */
function linked(store: Store, from: string, to: string, content: string): boolean {
  try {
    store.disk.link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
  }
  try {
    // A file system without links.
    store.disk.write(to, content, false);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds a lock, for people. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When it took the lock, as in `2026-01-31 12:30:05`; undefined where the file system does not keep it. */
  readonly since: string | undefined;
  /** It is stopped (SIGSTOP, Ctrl-Z), as far as this machine can tell. */
  readonly isStopped: boolean;
}

/** Who holds the lock of a key; undefined when nobody does. */
export function holderOf(store: Store, key: string): LockHolder | undefined {
  const path = store.lockPath(key);
  const holder = parsed(textAt(path) ?? '');
  if (holder === undefined) return undefined;
  const { pid, host } = holder;
  const { birthtimeMs = 0, mtimeMs = 0 } = statAt(path) ?? {};
  const since = birthtimeMs > 0 && birthtimeMs <= mtimeMs ? localTime(birthtimeMs) : undefined;
  const isStopped = isHere(holder) && (groupState(pid)?.stopped.length ?? 0) > 0;
  return { pid, host, since, isStopped };
}

/** Keys at which live processes work, as far as can be told from here. */
export function heldKeys(store: Store): readonly string[] {
  const held = (key: string): boolean => {
    const path = store.lockPath(key);
    const text = textAt(path);
    return text !== undefined && isAlive(text, path);
  };
  return listed(join(store.root, 'locks')).filter((name) => isDigest(name) && held(name));
}

/** Removes the lock of a process that is gone. */
function freed(store: Store, path: string): boolean {
  const text = textAt(path);
  if (text === undefined) return true;
  if (isAlive(text, path)) return false;
  const aside = store.temporary('stale');
  try {
    store.disk.rename(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw error;
  }
  // Somebody else may have freed and taken it between the look and the move: give it back.
  const theirs = textAt(aside) !== text;
  if (theirs) linked(store, aside, path, textAt(aside) ?? '');
  store.discard(aside);
  return !theirs;
}

function isAlive(text: string, path: string): boolean {
  const holder = parsed(text);
  if (holder === undefined) return false;
  if (isHere(holder)) return startOf(holder.pid) === holder.start;
  const silent = Date.now() - (statAt(path)?.mtimeMs ?? 0);
  if (silent >= (holder.host === processSpace().host ? SILENT_HERE : SILENT)) return false;
  return silent < DOUBTFUL || holder.slurm === undefined || !isJobGone(holder.slurm);
}

/** Can the process that holds a lock be seen from here? */
function isHere({ host, space }: Holder): boolean {
  const here = processSpace();
  return host === here.host && (space ?? here.space) === here.space;
}

function parsed(text: string): Holder | undefined {
  try {
    const { pid, start, host, space, slurm } = JSON.parse(text);
    const sound =
      Number.isSafeInteger(pid) &&
      pid > 0 &&
      typeof start === 'string' &&
      typeof host === 'string' &&
      (space === undefined || typeof space === 'string');
    if (!sound) return undefined;
    const job = isClusterJob(slurm) ? { slurm } : {};
    return { pid, start, host, ...(space === undefined ? {} : { space }), ...job };
  } catch {
    return undefined;
  }
}

const isClusterJob = (value: unknown): value is ClusterJob =>
  isRecord(value) &&
  typeof value.job === 'string' &&
  /^\d+$/.test(value.job) &&
  typeof value.node === 'string';

function touch(store: Store, path: string): void {
  try {
    store.disk.touch(path);
  } catch {
    // The lock is gone: it was taken for stale. Both will publish the same result.
  }
}

function localTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  const local = new Date(milliseconds - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}
