import { isRecord } from '../../base/own.js';
import type { Failure } from '../schedule/executor.js';
import { readEntry } from '../store/entry.js';
import type { LockHolder } from '../store/key-lock.js';
import type { Store } from '../store/store.js';
import type { Progress } from '../task.js';

/** What the node that does a key says of it: a small file in the folder of its submission. */
export type Status = {
  /** Where, and how often Slurm has requeued it. */
  readonly node: string;
  readonly restarts: number;
  /** Seconds of earlier starts that this one can go on from. */
  readonly before: number;
} /** `waiting`: for who has its lock. */ & (
  | { readonly state: 'working'; readonly progress?: Progress; readonly waiting?: LockHolder }
  /** It was asked to end (SIGTERM), or saves for its next allocation. */
  | { readonly state: 'stopped'; readonly seconds: number }
  | { readonly state: 'done'; readonly outcome: 'hit' | 'ran' }
  | { readonly state: 'failed'; readonly failure: Omit<Failure, 'log'> }
);

export const statusPath = (folder: string, key: string): string => `${folder}/${key}.json`;

export function writeStatus(store: Store, folder: string, key: string, status: Status): void {
  store.replace(statusPath(folder, key), JSON.stringify(status), false);
}

/** What stands there; undefined where nothing does, or nothing of this form. */
export function readStatus(folder: string, key: string): Status | undefined {
  const entry = readEntry(statusPath(folder, key));
  if (entry.kind !== 'text') return undefined;
  try {
    const status: unknown = JSON.parse(entry.text);
    return isStatus(status) ? status : undefined;
  } catch {
    return undefined;
  }
}

function isStatus(value: unknown): value is Status {
  if (!isRecord(value) || typeof value.node !== 'string') return false;
  if (!Number.isFinite(value.restarts) || !Number.isFinite(value.before)) return false;
  if (value.state === 'done') return value.outcome === 'hit' || value.outcome === 'ran';
  if (value.state === 'stopped') return Number.isFinite(value.seconds);
  if (value.state === 'working') return value.waiting === undefined || isHolder(value.waiting);
  if (value.state !== 'failed') return false;
  const { failure } = value;
  return (
    isRecord(failure) &&
    typeof failure.code === 'string' &&
    typeof failure.message === 'string' &&
    typeof failure.retry === 'boolean' &&
    (failure.help === undefined || typeof failure.help === 'string')
  );
}

const isHolder = (value: unknown): value is LockHolder =>
  isRecord(value) &&
  Number.isSafeInteger(value.pid) &&
  typeof value.host === 'string' &&
  (value.since === undefined || typeof value.since === 'string');
