import { dirname, resolve } from 'node:path';
import { SspError } from '../base/errors.js';
import type { Program } from '../language/program.js';
import type { NumericClass, Plan, StagePoint } from '../plan/plan.js';
import { select } from '../plan/select.js';
import { unfold } from '../plan/unfold.js';
import type { OnRead } from './content.js';
import type { Executor } from './executor.js';
import type { MachineOptions } from './machine.js';
import { openWorld } from './open-world.js';
import type { StageOutcome } from './record.js';
import type { RunEvent } from './run-event.js';
import { schedule } from './schedule.js';
import type { Store } from './store.js';

export interface RunOptions extends MachineOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly numeric: NumericClass;
  /** What the program unfolds to, where that is known. */
  readonly points?: readonly StagePoint[];
  /** `NAME` or `NAME[axis: label]`: those points and what they need. */
  readonly only?: string | readonly string[] | undefined;
  /** Runs what does not depend on a failed stage; otherwise nothing is started after a failure. */
  readonly keepGoing?: boolean | undefined;
  readonly maxPoints?: number | undefined;
  /** The folder of the program's file; paths of files are relative to it. Taken from the program unless given. */
  readonly cwd?: string;
  /** Ends the workers and the run. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: RunEvent) => void;
  /** Called with each file that has to be read for its digest. */
  readonly onRead?: OnRead | undefined;
}

export interface RunResult {
  /** In the order of the plan. */
  readonly outcomes: readonly StageOutcome[];
  /** What was planned before anything was started. */
  readonly plan: Plan;
  readonly interrupted: boolean;
}

/**
 * Runs what is needed. Keys become known as inputs finish, so a stage whose inputs have the same
 * bytes as before is a hit even if they were made again. Equal keys are done once. Throws an
 * SspError when a variable is not set, a file cannot be read, or the store cannot be written;
 * a stage that fails is an outcome.
 */
export async function run(program: Program, options: RunOptions): Promise<RunResult> {
  const points = pointsToRun(program, options);
  const cwd = resolve(options.cwd ?? dirname(program.file.path));
  const world = await openWorld(points, { ...options, cwd });
  return schedule(program, points, world, { ...options, cwd });
}

function pointsToRun(program: Program, options: RunOptions): readonly StagePoint[] {
  const all = options.points ?? unfold(program, options);
  const points = options.only === undefined ? all : select(all, options.only);
  const waiting = points.find((point) => point.unset.length > 0);
  if (waiting) {
    const names = [...new Set(points.flatMap((point) => point.unset))].sort();
    const { file, line } = waiting.at;
    const many = waiting.unset.length > 1;
    throw new SspError(
      'variable-not-set',
      `\`${waiting.id}\` (${file}:${line}) needs the variable${many ? 's' : ''} ${waiting.unset.join(', ')} of the environment, which ${many ? 'are' : 'is'} not set`,
      { help: `set ${names.join(', ')} and run again: ${names[0]}=… ssp run …` },
    );
  }
  return points;
}
