import type { StageOutcome } from '../../execute/record.js';
import { byStage, type Point, pointText, varyingAxes } from '../points.js';
import { type Notes, type OpenFile, readStageFile } from '../stage-file.js';
import { arrayIn, drawGrid, type Grid } from './draw-grid.js';

/** Pairs as an encoder sees them: one column a pair, one row a view. */
export interface SampleGrid extends Grid {
  readonly stage: string;
  /** What tells it from the others; without axes where all points see the same. */
  readonly point: Point;
}

/** Kinds of points of one stage that pictures are shown of. */
export const MAX_GRIDS = 24;

/**
 * Grids from the `samples.npy` that stages wrote (uint8, (k, views, h, w, 3)). One grid for each group
 * of points that differ in more than repetition, of its first point; groups with the same samples share one.
 */
export async function sampleGrids(
  outcomes: readonly StageOutcome[],
  replicates: ReadonlySet<string>,
  openFile: OpenFile,
  notes: Notes,
): Promise<readonly SampleGrid[]> {
  const grids: SampleGrid[] = [];
  for (const [stage, all] of byStage(outcomes)) {
    const kinds = kindsOf(all, 'samples.npy', replicates);
    for (const { outcome, point } of kinds.slice(0, MAX_GRIDS)) {
      const bytes = await readStageFile(outcome, 'samples.npy', openFile, notes);
      if (!bytes) continue;
      const grid = await drawGrid(arrayIn(bytes, 'samples.npy'));
      if (grid) grids.push({ stage, point, ...grid });
      else
        notes.add(`samples.npy of ${outcome.planned.id} is not uint8 of shape (k, views, h, w, 3)`);
    }
    const left = kinds.length - MAX_GRIDS;
    if (left > 0) notes.add(`samples of ${left} more kinds of points of ${stage} are not shown`);
  }
  return grids;
}

/** The first of some points that differ in repetition alone, or have the same pictures. */
interface Kind {
  readonly outcome: StageOutcome;
  /** What tells it from the other kinds. */
  readonly point: Point;
}

/** The kinds of points of a stage that left a file of pictures. */
export function kindsOf(
  outcomes: readonly StageOutcome[],
  file: string,
  replicates: ReadonlySet<string>,
): readonly Kind[] {
  const firsts = new Map<string, StageOutcome>();
  for (const outcome of outcomes) {
    if (!outcome.record?.output.files[file]) continue;
    const { point } = outcome.planned;
    const kind = pointText(
      point,
      Object.keys(point).filter((axis) => !replicates.has(axis)),
    );
    if (!firsts.has(kind)) firsts.set(kind, outcome);
  }
  const shown = [...firsts.values()];
  const varying = varyingAxes(shown.map((o) => o.planned.point)).filter((a) => !replicates.has(a));
  const same = new Map<string, StageOutcome[]>();
  for (const outcome of shown) {
    const digest = outcome.record?.output.files[file]?.digest ?? '';
    same.set(digest, [...(same.get(digest) ?? []), outcome]);
  }
  return [...same.values()].flatMap((members) => {
    const [outcome] = members;
    if (!outcome) return [];
    const differing = varyingAxes(members.map((o) => o.planned.point));
    const axes = varying.filter((axis) => !differing.includes(axis));
    const { point } = outcome.planned;
    const told = axes.flatMap((axis) => (point[axis] === undefined ? [] : [[axis, point[axis]]]));
    return [{ outcome, point: Object.fromEntries(told) }];
  });
}
