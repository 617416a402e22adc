import { basename, dirname, join, resolve } from 'node:path';
import { SspError } from '../../base/errors.js';
import type { Program } from '../../language/program.js';
import type { StagePoint } from '../../plan/plan.js';
import { select } from '../../plan/select.js';
import { unfold } from '../../plan/unfold.js';
import { openWorld } from './open-world.js';
import type { RunOptions, RunResult } from './run-options.js';
import { schedule } from './schedule.js';

/**
 * Runs what is needed. Keys become known as inputs finish, so a stage whose inputs have the same
 * bytes as before is a hit even if they were made again. Equal keys are done once. Throws an
 * SspError when a variable is not set, a file cannot be read, or the store cannot be written;
 * a stage that fails is an outcome.
 */
export async function run(program: Program, options: RunOptions): Promise<RunResult> {
  const points = pointsToRun(options.points ?? unfold(program, options), options.only);
  const cwd = resolve(options.cwd ?? dirname(program.file.path));
  const of = { file: join(cwd, basename(program.file.path)), set: options.set ?? {} };
  const world = await openWorld(points, { ...options, of });
  return schedule(program, points, world, { ...options, cwd });
}

/**
 * The points that `only` names and what they need, or all. @throws SspError `variable-not-set`, UsageError.
 */
export function pointsToRun(
  all: readonly StagePoint[],
  only: RunOptions['only'],
): readonly StagePoint[] {
  const points = only === undefined ? all : select(all, only);
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
