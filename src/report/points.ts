import type { StageOutcome, Table } from '../execute/record.js';

/** Axis → label. */
export type Point = StageOutcome['planned']['point'];

/** `axis=label, axis=label` with axes sorted; empty for the only point. */
export function pointText(point: Point, axes: readonly string[] = Object.keys(point)): string {
  return [...axes]
    .sort()
    .flatMap((axis) => (point[axis] === undefined ? [] : [`${axis}=${point[axis]}`]))
    .join(', ');
}

/**
 * The axes whose labels are repetitions of one experiment: those that a table averages over, and any
 * named `seed`. Figures draw them alike; samples are shown for the first only.
 */
export function replicateAxes(tables: readonly Table[]): ReadonlySet<string> {
  return new Set(['seed', ...tables.flatMap((table) => table.over)]);
}

/** Axes along which points differ, sorted. */
export function varyingAxes(points: readonly Point[]): readonly string[] {
  const axes = new Set(points.flatMap((point) => Object.keys(point)));
  return [...axes].filter((axis) => new Set(points.map((p) => p[axis])).size > 1).sort();
}

/** Outcomes by name of stage, in the order of the plan. */
export function byStage(
  outcomes: readonly StageOutcome[],
): ReadonlyMap<string, readonly StageOutcome[]> {
  const groups = new Map<string, StageOutcome[]>();
  for (const outcome of outcomes) {
    const { name } = outcome.planned;
    groups.set(name, [...(groups.get(name) ?? []), outcome]);
  }
  return groups;
}

/** One outcome for each key, so that points which share a result count once. */
export function onePerKey(outcomes: readonly StageOutcome[]): readonly StageOutcome[] {
  const seen = new Set<string>();
  return outcomes.filter(({ planned, record }) => {
    const key = record?.key ?? planned.key ?? planned.id;
    return seen.has(key) ? false : seen.add(key);
  });
}
