import { isRecord } from '../../base/own.js';
import { isShown } from '../findings/cell-form.js';
import { isLock, type Lock } from '../lock/lock.js';
import type { Cell } from '../record.js';

/** A whole run of a file as the store remembers it: its lock, and what its tables said. */
export interface RunEntry {
  readonly version: 1;
  /** As it was called then; for people. */
  readonly file: string;
  readonly finishedAt: string;
  /** Stages that were computed, and of how many. */
  readonly ran: number;
  readonly seconds: number;
  readonly ssp: string;
  /** The numbers of the tables by their addresses, as `t[on: stl10].sp`. */
  readonly numbers: Readonly<Record<string, RunNumber>>;
  /** Whether each expectation holds; null where results were missing. */
  readonly claims: Readonly<Record<string, boolean | null>>;
  readonly lock: Lock;
}

/** A cell of a table. */
export interface RunNumber {
  readonly mean: number;
  readonly std?: number;
  /** Of an interval, whose middle is the mean. */
  readonly interval?: NonNullable<Cell['interval']>;
  readonly unit: Cell['unit'];
}

/** The entry that some JSON is, when it has the form of one. */
export function entryFrom(json: unknown): RunEntry | undefined {
  if (!isRecord(json) || json.version !== 1) return undefined;
  const { file, finishedAt, ran, seconds, ssp, numbers, claims, lock } = json;
  const sound =
    [file, finishedAt, ssp].every((text) => typeof text === 'string') &&
    [ran, seconds].every(Number.isFinite) &&
    isRecord(numbers) &&
    Object.values(numbers).every(isShown) &&
    isRecord(claims) &&
    Object.values(claims).every((holds) => holds === null || typeof holds === 'boolean') &&
    isLock(lock);
  return sound ? (json as unknown as RunEntry) : undefined;
}
