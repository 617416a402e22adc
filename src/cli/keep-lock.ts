import { SspError } from '../base/errors.js';
import { lockOf } from '../execute/lock.js';
import type { StageOutcome } from '../execute/record.js';
import type { RunResult } from '../execute/run.js';
import { planPoints } from '../plan/build-plan.js';
import type { NumericClass } from '../plan/plan.js';
import type { Options } from './command.js';
import type { Io } from './io.js';
import type { LockFile } from './lock-file.js';
import { settings } from './pipeline.js';
import { outcomesOnHand } from './results.js';
import { type Opened, worldOf } from './session.js';

/**
 * Writes the lock after a run if the whole experiment has results under the run's settings, and says
 * why not otherwise: a lock is of one experiment, never of parts of two.
 */
export async function keepLock(
  io: Io,
  opened: Opened,
  options: Options,
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
  if (options.only === undefined) {
    file.write(lockOf(result.outcomes, numeric, settings(options)));
    return;
  }
  const whole = await wholeOutcomes(io, opened, options);
  if (typeof whole === 'string') io.err(`lock: not written, as ${whole}`);
  else file.write(lockOf(whole, numeric, settings(options)));
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
    const plan = planPoints(program.file.path, points, world);
    const outcomes = outcomesOnHand({ program, points, store, plan });
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
