import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../base/errors.js';

/** How often a holder touches its lock, and how long a waiter elsewhere sees no touch before it takes over. */
export interface LockTiming {
  readonly pollMs: number;
  readonly touchMs: number;
  readonly silentMs: number;
}

const defaultTiming: LockTiming = { pollMs: 200, touchMs: 5_000, silentMs: 60_000 };

interface Holder {
  readonly id: string;
  /** Host, boot and process-id space: only there does `pid` mean something. */
  readonly place: string;
  readonly pid: number;
  /** Start time of the process in clock ticks since boot, so that a reused pid is not taken for it. */
  readonly started: string | undefined;
}

/**
 * Runs `work` while holding the lock file at `path`; others wait. The lock dies with its process:
 * on the same machine a waiter sees that the holder is gone (pid and start time from /proc), on
 * another machine that shares the file system it sees that the holder stopped touching the file.
 * @throws the signal's reason when aborted while waiting.
 */
export async function withInstallLock<T>(
  path: string,
  work: () => Promise<T>,
  options: {
    onWait?: (() => void) | undefined;
    signal?: AbortSignal | undefined;
    timing?: LockTiming;
  } = {},
): Promise<T> {
  const timing = options.timing ?? defaultTiming;
  const mine: Holder = {
    id: randomUUID(),
    place: thisPlace(),
    pid: process.pid,
    started: startTime(process.pid),
  };
  await acquire(path, mine, timing, options.onWait, options.signal);
  const touch = setInterval(() => {
    const now = new Date();
    // A lost lock shows when it is released; a failed touch alone is no reason to stop.
    utimes(path, now, now).catch(() => {});
  }, timing.touchMs);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    if ((await readHolder(path))?.holder.id === mine.id) await rm(path, { force: true });
  }
}

async function acquire(
  path: string,
  mine: Holder,
  timing: LockTiming,
  onWait: (() => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const draft = `${path}.${mine.id}`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    let seen = { text: '', touched: 0, since: Date.now() };
    let told = false;
    for (;;) {
      signal?.throwIfAborted();
      // link() makes the lock appear whole and fails if it is there: no moment of an empty file.
      if (await linked(draft, path)) return;
      const found = await readHolder(path);
      if (found === undefined) continue;
      if (found.text !== seen.text || found.touched !== seen.touched) {
        seen = { text: found.text, touched: found.touched, since: Date.now() };
      }
      const gone =
        found.holder.place === mine.place
          ? !isAlive(found.holder)
          : Date.now() - seen.since > timing.silentMs;
      if (gone) {
        await takeAway(path, found.text, mine.id);
        continue;
      }
      if (!told) onWait?.();
      told = true;
      // An abort ends the sleep early; the loop's first line reports it.
      await sleep(timing.pollMs, undefined, signal && { signal }).catch(() => {});
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes a dead holder's lock; if another waiter was faster and took the lock, puts it back. */
async function takeAway(path: string, text: string, id: string): Promise<void> {
  const aside = `${path}.${id}.old`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== text) await linked(aside, path);
  await rm(aside, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(
  path: string,
): Promise<{ holder: Holder; text: string; touched: number } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { holder: parseHolder(text), text, touched: mtimeMs };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A lock that is not ours to read (another format) counts as held elsewhere until it goes silent. */
function parseHolder(text: string): Holder {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === 'object' &&
      value !== null &&
      'id' in value &&
      typeof value.id === 'string' &&
      'place' in value &&
      typeof value.place === 'string' &&
      'pid' in value &&
      typeof value.pid === 'number'
    ) {
      const started =
        'started' in value && typeof value.started === 'string' ? value.started : undefined;
      return { id: value.id, place: value.place, pid: value.pid, started };
    }
  } catch {
    // Falls through: unreadable.
  }
  return { id: '', place: '', pid: 0, started: undefined };
}

function isAlive(holder: Holder): boolean {
  if (holder.started !== undefined) return startTime(holder.pid) === holder.started;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat; undefined when there is no such process, or no /proc, or it is a zombie. */
function startTime(pid: number): string | undefined {
  const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in parentheses and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

function thisPlace(): string {
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pids = readOr(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), boot, pids].join(' ');
}

function readOr(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
