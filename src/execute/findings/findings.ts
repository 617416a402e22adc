import { mean, std } from '../../base/statistics/moments.js';
import type { Program, Reference, Report, Term } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import { intervalIn } from '../../language/types/join-types.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { pointText } from '../../plan/point.js';
import { reportWorld, type UnfoldOptions, unfold } from '../../plan/unfold.js';
import { isAbsent, PENDING } from '../../plan/value.js';
import type { Cell, Comparison, Findings, StageOutcome, Table } from '../record.js';
import { aboutOf } from './about.js';
import { differencesIn } from './differences.js';
import { expectationOf } from './expectation.js';
import { unitOf } from './unit-of.js';

/**
 * What the results say: tables with their cells reduced over axes, expectations, and published
 * values beside ours. Made of records alone; results that are missing leave gaps.
 */
export function findingsOf(
  program: Program,
  outcomes: readonly StageOutcome[],
  env: UnfoldOptions['env'],
): Findings {
  const results = new Map(
    outcomes.flatMap(({ planned, record }) => {
      if (!record) return [];
      const seconds = planned.epoch === undefined ? record.seconds : undefined;
      return [[planned.id, { ...record.output, seconds }] as const];
    }),
  );
  const points = unfold(program, { env, maxPoints: Number.POSITIVE_INFINITY });
  const world = reportWorld(program, points, env, (id) => results.get(id));
  return {
    tables: program.reports.map((report) => {
      const read = new Set<string>();
      const result = (id: string) => {
        read.add(id);
        return results.get(id);
      };
      const table = tableOf(report, { ...world, result });
      return { ...table, about: aboutOf(outcomes.filter(({ planned }) => read.has(planned.id))) };
    }),
    expectations: program.expects.map((expect) => expectationOf(expect, world)),
    comparisons: program.references.flatMap((reference) => comparisonsOf(reference, world)),
  };
}

function tableOf(report: Report, world: World): Omit<Table, 'about'> {
  const rowPoints = [...pointsOver(report.rows, {}, world)];
  const columnPoints = [...pointsOver(report.columns, {}, world)];
  const columns = columnPoints.flatMap((point) =>
    report.values.map(({ name, value }) => {
      return { point, name, value, labels: labelsOf(report.columns, point) };
    }),
  );
  const grid = rowPoints.map((row) =>
    columns.map(({ point, value }) => cellAt(value, { ...row, ...point }, report.over, world)),
  );
  // A row or column none of whose points exists was dropped by a `where` or a slice.
  const isRow = grid.map((cells) => cells.some((cell) => cell.exists));
  const isColumn = columns.map((_, c) => grid.some((cells) => cells[c]?.exists));
  const kept = columns.filter((_, c) => isColumn[c]);
  const cells = grid
    .filter((_, r) => isRow[r])
    .map((line) => line.filter((_, c) => isColumn[c]).map(({ cell }) => cell));
  return {
    name: report.name,
    doc: report.doc,
    rowAxes: report.rows,
    rows: rowPoints.filter((_, r) => isRow[r]).map((point) => labelsOf(report.rows, point)),
    columnAxes: report.columns,
    columns: kept.map(({ labels, name }) => ({ labels, value: name })),
    cells,
    over: report.over,
    differences: differencesIn(kept, cells),
  };
}

const labelsOf = (axes: readonly string[], point: Point): readonly string[] =>
  axes.map((axis) => point[axis] ?? '');

/** The cell at a point, and whether any of its points exists, with or without a result. */
function cellAt(
  term: Term,
  point: Point,
  over: readonly string[],
  world: World,
): { readonly exists: boolean; readonly cell: Cell | undefined } {
  if (intervalIn(term.type)) return intervalAt(term, point, world);
  if (term.type.kind === 'string') return textAt(term, point, world);
  const values: number[] = [];
  const points: string[] = [];
  let pending = 0;
  let present = 0;
  let invalid = 0;
  // A value that does not vary over an axis counts once, not once for each of its labels.
  const axes = over.filter((axis) => term.dims.includes(axis));
  for (const at of pointsOver(axes, point, world)) {
    const value = evaluate(term, at, world);
    if (value === PENDING) pending += 1;
    if (isAbsent(value)) continue;
    present += 1;
    if (typeof value !== 'number') continue;
    if (!Number.isFinite(value)) {
      invalid += 1;
      continue;
    }
    values.push(value);
    points.push(pointText(axes, at));
  }
  const exists = pending + present > 0;
  if (values.length === 0 && invalid === 0) return { exists, cell: undefined };
  const cell: Cell = {
    mean: mean(values),
    std: std(values),
    count: values.length,
    values,
    ...(pending > 0 ? { pending } : {}),
    ...(invalid > 0 ? { invalid } : {}),
    ...(axes.length > 0 ? { points } : {}),
    unit: unitOf(term.type),
  };
  return { exists, cell };
}

/** The cell of a value that is `{low, high}`. */
function intervalAt(term: Term, point: Point, world: World): ReturnType<typeof cellAt> {
  const value = evaluate(term, point, world);
  if (isAbsent(value)) return { exists: value === PENDING, cell: undefined };
  const ends = value !== null && typeof value === 'object' && value.kind === 'record';
  const end = (name: string) => (ends ? value.fields.find((f) => f.name === name)?.value : null);
  const [low, high] = [end('low'), end('high')];
  if (typeof low !== 'number' || typeof high !== 'number') return { exists: true, cell: undefined };
  const cell: Cell = {
    mean: (low + high) / 2,
    std: undefined,
    count: 1,
    values: [low, high],
    points: ['low', 'high'],
    interval: { low, high },
    unit: unitOf(term.type),
  };
  return { exists: true, cell };
}

/** The cell of a text. */
function textAt(term: Term, point: Point, world: World): ReturnType<typeof cellAt> {
  const text = evaluate(term, point, world);
  if (isAbsent(text)) return { exists: text === PENDING, cell: undefined };
  if (typeof text !== 'string') return { exists: true, cell: undefined };
  const cell: Cell = {
    mean: Number.NaN,
    std: undefined,
    count: 1,
    values: [],
    text,
    unit: unitOf(term.type),
  };
  return { exists: true, cell };
}

function comparisonsOf(reference: Reference, world: World): readonly Comparison[] {
  return reference.entries.map(({ text, target, value }) => {
    const published = evaluate(value, {}, world);
    const { cell } = cellAt(target, {}, target.dims, world);
    return {
      source: reference.source,
      text,
      published: typeof published === 'number' ? published : Number.NaN,
      unit: unitOf(value.type),
      ours: cell,
    };
  });
}
