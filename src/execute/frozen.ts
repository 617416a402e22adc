import { SspError } from '../base/errors.js';
import { type Contents, keyOf } from '../plan/key.js';
import type { StagePoint } from '../plan/plan.js';
import type { Lock } from './lock.js';
import type { StageOutcome } from './record.js';

/**
 * What a plan and a lock disagree on, one sentence each. Keys are made with the results that the
 * lock names, so nothing has to be run for it, and with the lock's device: another machine is no
 * other experiment.
 */
export function lockDifferences(
  points: readonly StagePoint[],
  lock: Lock,
  contents: Contents,
): readonly string[] {
  const differences: string[] = [];
  const types = new Map(points.map((point) => [point.id, point.result]));
  for (const point of points) {
    const entry = lock.stages[point.id];
    if (entry === undefined) {
      differences.push(`\`${point.id}\` is not in the lock`);
      continue;
    }
    if (!point.inputs.every((id) => lock.stages[id])) continue;
    const input = (id: string) => ({
      type: types.get(id) ?? 'Files',
      digest: lock.stages[id]?.output ?? '',
      metrics: lock.stages[id]?.metrics ?? {},
    });
    const { key } = keyOf(point, input, contents, lock.numeric);
    if (key !== entry.key) {
      differences.push(`\`${point.id}\` (${point.at.file}:${point.at.line}) has changed`);
    }
  }
  for (const id of Object.keys(lock.stages)) {
    if (!types.has(id)) differences.push(`\`${id}\` is in the lock and no longer in the file`);
  }
  return differences;
}

/** For `--frozen`: throws an SspError when a plan no longer agrees with its lock. */
export function checkFrozen(points: readonly StagePoint[], lock: Lock, contents: Contents): void {
  const differences = lockDifferences(points, lock, contents);
  if (differences.length === 0) return;
  const shown = differences.slice(0, 5).join('; ');
  const more = differences.length > 5 ? `; and ${differences.length - 5} more` : '';
  throw new SspError('frozen', `the plan does not agree with the lock: ${shown}${more}`, {
    help: '`ssp plan` shows the stages; without `--frozen` the lock is written anew',
  });
}

/** A number of the lock beside that of a run. */
export interface LockedMetric {
  readonly id: string;
  readonly metric: string;
  readonly theirs: number | null | undefined;
  readonly ours: number | null | undefined;
}

/** The author's numbers beside those of a run, for every metric of every point that has a result. */
export function besideLock(outcomes: readonly StageOutcome[], lock: Lock): readonly LockedMetric[] {
  return outcomes.flatMap(({ planned: { id }, record }) => {
    const ours = record?.output.metrics ?? {};
    const theirs = lock.stages[id]?.metrics ?? {};
    const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
    return names.map((metric) => ({ id, metric, theirs: theirs[metric], ours: ours[metric] }));
  });
}
