import { SspError } from '../base/errors.js';
import { type Lock, lockOf, settingsText } from '../execute/lock/lock.js';
import type { StageOutcome } from '../execute/record.js';
import type { RunResult } from '../execute/schedule/run-options.js';
import { planPoints } from '../plan/build-plan.js';
import type { NumericClass } from '../plan/plan.js';
import type { Options } from './command.js';
import type { Io } from './io.js';
import type { LockFile } from './lock-file.js';
import { settings } from './pipeline.js';
import { storedOutcomes } from './results.js';
import type { RunFlags } from './run-flags.js';
import { type Opened, worldOf } from './session.js';

/**
 * Writes the lock after a run if the whole experiment has results under the run's settings, and says
 * why not otherwise: a lock is of one experiment, never of parts of two.
 */
export async function keepLock(
  io: Io,
  opened: Opened,
  options: RunFlags,
  file: LockFile,
  result: RunResult,
  numeric: NumericClass,
): Promise<void> {
  // A run that did not finish leaves the lock of the last one that did, and has said why.
  if (!isWhole(result.outcomes)) return;
  if (numeric.mode === 'eager') {
    io.err('lock: not written, as this run was `--eager`');
    return;
  }
  const whole =
    options.only === undefined ? result.outcomes : await wholeOutcomes(io, opened, options);
  if (typeof whole === 'string') io.err(`lock: not written, as ${whole}`);
  else replaceLock(io, file, lockOf(whole, numeric, settings(options)));
}

/**
 * The lock is of the file as it stands. A run with `--set` writes one only where there is none of
 * other settings, so that a trial never replaces the numbers of the study.
 */
function replaceLock(io: Io, { lock, path, write }: LockFile, now: Lock): void {
  const before = settingsText(lock?.set);
  const other = lock !== undefined && before !== settingsText(now.set) && !sameKeys(lock, now);
  if (other && now.set !== undefined) {
    io.err(`lock: kept, as ${path} is of ${before}; remove it to have one of this run`);
    return;
  }
  if (other) io.err(`lock: ${path} was of ${before} and is of the file as it stands now`);
  write(now);
}

/** Is every point the same work, so that only the settings are written in another way? */
function sameKeys(a: Lock, b: Lock): boolean {
  const ids = Object.keys(a.stages);
  const same = ids.every((id) => a.stages[id]?.key === b.stages[id]?.key);
  return same && ids.length === Object.keys(b.stages).length;
}

/** The outcomes of all points of the file under the settings of a run with `--only`, or why not. */
async function wholeOutcomes(
  io: Io,
  opened: Opened,
  options: Options,
): Promise<readonly StageOutcome[] | string> {
  const { program, points, store } = opened;
  try {
    const world = await worldOf(io, opened, options);
    const outcomes = storedOutcomes(planPoints(program.file.path, points, world), store);
    const missing = outcomes.filter(({ record }) => record === undefined).length;
    if (missing === 0) return outcomes;
    return `${missing} of ${outcomes.length} points of the file have no result under these settings`;
  } catch (error) {
    // Of what `--only` left out a file may be missing.
    if (error instanceof SspError) return error.message;
    throw error;
  }
}

const isWhole = (outcomes: readonly StageOutcome[]): boolean =>
  outcomes.every(({ record }) => record !== undefined);
