import { SspError } from '../../base/errors.js';
import { type Lock, lockOf } from '../../execute/lock/lock.js';
import type { StageOutcome } from '../../execute/record.js';
import type { OnLook } from '../../execute/schedule/open-world.js';
import type { RunResult } from '../../execute/schedule/run-options.js';
import { planPoints } from '../../plan/build-plan.js';
import type { NumericClass } from '../../plan/plan.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import type { LockFile } from '../study/lock-file.js';
import { settings } from '../study/pipeline.js';
import { storedOutcomes } from '../study/results.js';
import { type Opened, worldOf } from '../study/session.js';
import type { RunFlags } from './run-flags.js';

/** A whole experiment under the settings of a run. */
export interface WholeRun {
  readonly lock: Lock;
  readonly outcomes: readonly StageOutcome[];
  /** Why the lock could not be written. */
  readonly notWritten?: SspError;
}

interface Looking {
  readonly numeric: NumericClass;
  readonly onLook?: OnLook | undefined;
}

/**
 * Writes the lock after a run if the whole experiment has results under the run's settings, and says
 * why not otherwise: a lock is of one experiment, never of parts of two. With `--frozen` the lock
 * stays. `numeric` is the class of numbers of the run, and `onLook` is told what is looked at for the rest
 * of the experiment.
 */
export async function keepLock(
  io: Io,
  opened: Opened,
  options: RunFlags,
  file: LockFile,
  { outcomes: run }: RunResult,
  { numeric, onLook }: Looking,
): Promise<WholeRun | undefined> {
  // Of several runs beside each other, one that comes after them writes the lock.
  if (options.leaveLock) return undefined;
  // A run that did not finish leaves the lock of the last one that did, and has said why.
  if (!isWhole(run)) return undefined;
  if (numeric.mode === 'eager') {
    if (!options.frozen) io.err('lock: not written, as this run was `--eager`');
    return undefined;
  }
  const outcomes =
    options.only === undefined
      ? run
      : await wholeOutcomes(io, opened, options, { numeric, onLook });
  if (typeof outcomes === 'string') {
    if (!options.frozen) io.err(`lock: not written, as ${outcomes}`);
    return undefined;
  }
  const lock = lockOf(outcomes, numeric, settings(options));
  try {
    const said = options.frozen ? undefined : file.write(lock);
    if (said !== undefined) io.err(`lock: ${said}`);
  } catch (error) {
    // What the run has found is shown all the same.
    if (error instanceof SspError) return { lock, outcomes, notWritten: error };
    throw error;
  }
  return { lock, outcomes };
}

/** The outcomes of all points of the file under the settings of a run with `--only`, or why not. */
async function wholeOutcomes(
  io: Io,
  opened: Opened,
  options: Options,
  { numeric, onLook }: Looking,
): Promise<readonly StageOutcome[] | string> {
  const { program, points, store } = opened;
  try {
    const world = await worldOf(io, opened, options, { numeric, onLook });
    const outcomes = storedOutcomes(planPoints(program.file.path, points, world), store);
    const missing = outcomes.filter((outcome) => !isWhole([outcome])).length;
    if (missing === 0) return outcomes;
    return `${missing} of ${outcomes.length} points of the file have no result under these settings`;
  } catch (error) {
    // Of what `--only` left out a file may be missing.
    if (error instanceof SspError) return error.message;
    throw error;
  }
}

const isWhole = (outcomes: readonly StageOutcome[]): boolean =>
  outcomes.every(({ record, outcome }) => record !== undefined || outcome === 'dropped');
