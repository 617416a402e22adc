import type { Program, Reference, Report } from '../../language/program.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import type { UnfoldOptions } from '../../plan/unfold.js';
import type { Comparison, DisplayNames, Findings, StageOutcome, Table } from '../record.js';
import { aboutOf } from './about.js';
import { cellAt } from './cell-at.js';
import { differencesIn } from './differences.js';
import { columnNameOf, displayNamesOf } from './display-names.js';
import { expectationOf } from './expectation.js';
import { layTable } from './lay-table.js';
import { type FindPublished, publishedCells, publishedIn } from './published.js';
import { recording, resultsWorld } from './results-world.js';
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
  const world = resultsWorld(program, outcomes, env);
  const names = displayNamesOf(program);
  const published = publishedIn(program, world);
  return {
    tables: program.reports.map((report) => {
      const { world: seen, read } = recording(world);
      const table = tableOf(report, names, seen, published);
      return { ...table, about: aboutOf(outcomes.filter(({ planned }) => read.has(planned.id))) };
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
  find: FindPublished,
): Omit<Table, 'about'> {
  const { rows, columns, cells } = layTable(report, world);
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
    })),
    cells,
    over: report.over,
    differences: differencesIn(columns, cells),
    published: publishedCells(rows, columns, find),
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
      unit: unitOf(value.type),
      ours: cell,
    };
  });
}
