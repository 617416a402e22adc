import { mean, std } from '../../base/statistics/moments.js';
import type { Term } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import { intervalIn } from '../../language/types/join-types.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { pointText } from '../../plan/point.js';
import { type Absent, isAbsent, MISSING, PENDING, UNTOLD } from '../../plan/value.js';
import type { Cell } from '../record.js';
import { chosenLabels } from './chosen-labels.js';
import { intervalOf } from './interval-of.js';
import { reducedAxes } from './reduced-axes.js';
import { unitOf } from './unit-of.js';

interface At {
  /** Whether any of its points exists, with or without a result. */
  readonly exists: boolean;
  readonly cell: Cell | undefined;
  /** There is none because the results give no number. */
  readonly untold: boolean;
}

/** The cell at a point. */
export function cellAt(term: Term, point: Point, over: readonly string[], world: World): At {
  if (intervalIn(term.type)) return intervalAt(term, point, world);
  if (term.type.kind === 'string') return textAt(term, point, world);
  const values: number[] = [];
  const points: string[] = [];
  const labels: (readonly string[])[] = [];
  let pending = 0;
  let exists = false;
  let untold = false;
  let invalid = 0;
  // A value that does not vary over an axis counts once, not once for each of its labels.
  const axes = over.filter((axis) => term.dims.includes(axis));
  for (const at of pointsOver(axes, point, world)) {
    const value = evaluate(term, at, world);
    if (value === PENDING) pending += 1;
    if (value !== MISSING) exists = true;
    if (value === UNTOLD) untold = true;
    if (typeof value !== 'number') continue;
    if (!Number.isFinite(value)) {
      invalid += 1;
      continue;
    }
    values.push(value);
    points.push(pointText(axes, at));
    labels.push(axes.map((axis) => at[axis] ?? ''));
  }
  if (values.length === 0 && invalid === 0) {
    return { exists, cell: undefined, untold: untold && pending === 0 };
  }
  const cell: Cell = {
    mean: mean(values),
    std: std(values),
    count: values.length,
    values,
    ...(pending > 0 ? { pending } : {}),
    ...(invalid > 0 ? { invalid } : {}),
    ...(axes.length > 0 ? { points, axes, labels } : {}),
    ...(axes.length === 0 && over.some((axis) => reducedAxes(term).has(axis))
      ? { reduced: true as const }
      : {}),
    unit: unitOf(term.type),
  };
  return { exists, cell, untold: false };
}

/** The cell of a value that is `{low, high}`. */
function intervalAt(term: Term, point: Point, world: World): At {
  const value = evaluate(term, point, world);
  if (isAbsent(value)) return without(value);
  const interval = intervalOf(value);
  if (interval === undefined) return { exists: true, cell: undefined, untold: false };
  const { low, high } = interval;
  const cell: Cell = {
    mean: (low + high) / 2,
    std: undefined,
    count: 1,
    values: [low, high],
    points: ['low', 'high'],
    interval,
    unit: unitOf(term.type),
  };
  return { exists: true, cell, untold: false };
}

/** The cell of a text. */
function textAt(term: Term, point: Point, world: World): At {
  const text = evaluate(term, point, world);
  if (isAbsent(text)) return without(text);
  if (typeof text !== 'string') return { exists: true, cell: undefined, untold: false };
  const chosen = chosenLabels(term, text, point, world);
  const cell: Cell = {
    mean: Number.NaN,
    std: undefined,
    count: 1,
    values: [],
    text,
    ...(chosen ? { chosen } : {}),
    unit: unitOf(term.type),
  };
  return { exists: true, cell, untold: false };
}

const without = (absent: Absent): At => ({
  exists: absent !== MISSING,
  cell: undefined,
  untold: absent === UNTOLD,
});
