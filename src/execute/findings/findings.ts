import type { Program, Reference, Report } from '../../language/program.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import type { UnfoldOptions } from '../../plan/unfold.js';
import type { Comparison, DisplayNames, Findings, StageOutcome, Table } from '../record.js';
import { aboutOf } from './about.js';
import { cellAt } from './cell-at.js';
import { countsErrors } from './counts-errors.js';
import { columnNameOf, displayNamesOf } from './display-names.js';
import { expectationOf } from './expectation.js';
import { isDifference } from './is-difference.js';
import { differencesOf, layTable } from './lay-table.js';
import type { Predictions } from './predictions.js';
import { type FindPublished, publishedCells, publishedIn } from './published.js';
import { recording } from './recording.js';
import { resultsWorld } from './results-world.js';
import { unitOf } from './unit-of.js';

/**
 * What the results say: tables with their cells reduced over axes, expectations, and published
 * values beside ours. Made of records alone; results that are missing leave gaps. With the answers that
 * evaluations keep, differences are also told by the images.
 */
export function findingsOf(
  program: Program,
  outcomes: readonly StageOutcome[],
  env: UnfoldOptions['env'],
  predictions?: Predictions,
): Findings {
  const world = resultsWorld(program, outcomes, env, predictions);
  const names = displayNamesOf(program);
  const published = publishedIn(program, world);
  return {
    tables: program.reports.map((report) => {
      const { world: seen, read, silent } = recording(world);
      const table = tableOf(report, names, seen, { published, predictions });
      const about = aboutOf(outcomes.filter(({ planned }) => read.has(planned.id)));
      return { ...table, about, ...(silent.size > 0 ? { silent: [...silent] } : {}) };
    }),
    expectations: program.expects.map((expect) => expectationOf(expect, world)),
    comparisons: program.references.flatMap((reference) => comparisonsOf(reference, world)),
    names,
  };
}

function tableOf(
  report: Report,
  names: DisplayNames,
  world: World,
  {
    published,
    predictions,
  }: { readonly published: FindPublished; readonly predictions: Predictions | undefined },
): Omit<Table, 'about' | 'silent'> {
  const laid = layTable(report, world);
  const { rows, columns, cells, untold } = laid;
  return {
    name: report.name,
    shown: report.shown,
    doc: report.doc,
    rowAxes: report.rows,
    rows: rows.map((point) => labelsOf(report.rows, point)),
    columnAxes: report.columns,
    columns: columns.map(({ point, ...field }) => ({
      labels: labelsOf(report.columns, point),
      value: field.name,
      shown: columnNameOf(field, names),
      ...(countsErrors(field) ? { errors: true as const } : {}),
      ...(isDifference(field.value) ? { difference: true as const } : {}),
    })),
    cells,
    ...(untold > 0 ? { untold } : {}),
    over: report.over,
    ...differencesOf(laid, report, world, predictions),
    published: publishedCells(rows, columns, published),
  };
}

const labelsOf = (axes: readonly string[], point: Point): readonly string[] =>
  axes.map((axis) => point[axis] ?? '');

function comparisonsOf(reference: Reference, world: World): readonly Comparison[] {
  return reference.entries.map(({ text, target, value }) => {
    const published = evaluate(value, {}, world);
    const { cell } = cellAt(target, {}, target.dims, world);
    return {
      source: reference.source,
      text,
      published: typeof published === 'number' ? published : Number.NaN,
      unit: unitOf(target.type),
      ours: cell,
    };
  });
}
