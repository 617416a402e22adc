import { SspError } from '../../base/errors.js';
import { own } from '../../base/own.js';
import { changeText } from '../../plan/change-text.js';
import { explain } from '../../plan/explain.js';
import { decide } from '../../plan/halving.js';
import { isUnseen } from '../../plan/key.js';
import type { KeyRecord, StagePoint } from '../../plan/plan.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import { keyBeside } from '../../plan/seen.js';
import type { StageOutcome } from '../record.js';
import { entryAt, type Lock, settingsText } from './lock.js';

/** What a lock is held against. */
export interface Held {
  readonly world: Pick<PlanWorld, 'contents' | 'seenNow'>;
  /** What a key of the lock is the digest of, where the store has it. */
  readonly recordOf: (key: string) => KeyRecord | undefined;
}

/**
 * What a plan and a lock disagree on, one sentence each; points that changed in the same way share
 * one. Keys are made with the results that the lock names, so nothing has to be run for it, and
 * with the lock's device: another machine is no other experiment.
 */
export function lockDifferences(
  points: readonly StagePoint[],
  lock: Lock,
  { world, recordOf }: Held,
): readonly string[] {
  const types = new Map(points.map((point) => [point.id, point.result]));
  const changed = new Map<string, Changed>();
  const missing: string[] = [];
  const dropped = new Set<string>();
  for (const point of points) {
    if (isDropped(point, dropped, lock)) {
      dropped.add(point.id);
      continue;
    }
    const entry = entryAt(lock, point.id);
    if (entry === undefined) {
      missing.push(`\`${point.id}\` is not in the lock`);
      continue;
    }
    if (!point.inputs.every((id) => entryAt(lock, id))) continue;
    const input = (id: string) => ({
      type: types.get(id) ?? 'Files',
      digest: entryAt(lock, id)?.output ?? '',
      metrics: entryAt(lock, id)?.metrics ?? {},
    });
    const { key, record } = keyBeside(point, input, { ...world, numeric: lock.numeric }, entry);
    if (key === entry.key) continue;
    const what = changesText(point, record, recordOf(entry.key));
    const alike = JSON.stringify([point.name, what]);
    const known = changed.get(alike);
    if (known) known.points.push(point);
    else changed.set(alike, { what, first: point, points: [point] });
  }
  const gone = Object.keys(lock.stages)
    .filter((id) => !types.has(id))
    .map((id) => `\`${id}\` is in the lock and no longer in the file`);
  return [...[...changed.values()].map(changedText), ...missing, ...gone];
}

/** Did halving go on without it, by the numbers of the lock? */
function isDropped(
  { inputs, rungs }: StagePoint,
  dropped: ReadonlySet<string>,
  lock: Lock,
): boolean {
  if (inputs.some((id) => dropped.has(id))) return true;
  const metrics = (id: string) => entryAt(lock, id)?.metrics;
  return rungs !== undefined && decide(rungs, metrics).kind === 'dropped';
}

/** Points of a stage that changed in the same way. */
interface Changed {
  readonly what: string | undefined;
  readonly first: StagePoint;
  readonly points: StagePoint[];
}

/** `n 1 → 5, seed 1 → 2`; undefined where nobody knows what it was. */
function changesText(
  point: StagePoint,
  now: KeyRecord,
  then: KeyRecord | undefined,
): string | undefined {
  const changes = then === undefined ? [] : explain(then, now, point).filter((c) => !isUnseen(c));
  if (changes.length === 0) return undefined;
  return changes
    .map((change) => {
      const { name, what } = changeText(change, point);
      return `${name} ${what}`;
    })
    .join(', ');
}

/** `probe[seed=1]` and 1 more (study.ssp:6): k 20 → 5. */
function changedText({ what, first, points }: Changed): string {
  const { file, line } = first.at;
  const many = points.length > 1;
  const whose = `\`${first.id}\`${many ? ` and ${points.length - 1} more` : ''} (${file}:${line})`;
  return what === undefined ? `${whose} ${many ? 'have' : 'has'} changed` : `${whose}: ${what}`;
}

/** For `--frozen`: throws an SspError when a plan no longer agrees with its lock. */
export function checkFrozen(
  points: readonly StagePoint[],
  lock: Lock,
  held: Held,
  set: Readonly<Record<string, string>> = {},
): void {
  const differences = lockDifferences(points, lock, held);
  if (differences.length === 0) return;
  const shown = differences.slice(0, 5).join('; ');
  const more = differences.length > 5 ? `; and ${differences.length - 5} more` : '';
  const [theirs, ours] = [settingsText(lock.set), settingsText(set)];
  const settings =
    theirs === ours ? '' : `; the lock was made with ${theirs}, this run with ${ours}`;
  const help =
    theirs === ours
      ? '`ssp plan` shows the stages; without `--frozen` the lock is written anew'
      : `run with ${theirs}, as the lock was`;
  throw new SspError(
    'frozen',
    `the plan does not agree with the lock: ${shown}${more}${settings}`,
    {
      help,
    },
  );
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
    const theirs = entryAt(lock, id)?.metrics ?? {};
    const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
    return names.map((metric) => ({
      id,
      metric,
      theirs: own(theirs, metric),
      ours: own(ours, metric),
    }));
  });
}
