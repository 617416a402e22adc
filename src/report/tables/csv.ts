import { own } from '../../base/own.js';
import type { Cell, StageOutcome, Table } from '../../execute/record.js';
import type { CurveData } from '../charts/charts.js';
import { csvText } from '../escape.js';

/**
 * The table as printed: one line a cell, and one a published value without ours, with mean, sample standard deviation, count, the ends of
 * intervals, texts, and what was published of it.
 */
export function aggregatedCsv(table: Table): string {
  const cells = table.cells.flat();
  const ends = cells.some((cell) => cell?.interval) ? ['low', 'high'] : [];
  const texts = cells.some((cell) => cell?.text !== undefined) ? ['text'] : [];
  const published = table.published.length > 0 ? ['published'] : [];
  const head = [
    ...labelHead(table),
    'unit',
    'mean',
    'std',
    'count',
    ...ends,
    ...texts,
    ...published,
  ];
  const lines = eachCell(table, (labels, cell, r, c) => {
    const beside = table.published.find(({ row, column }) => row === r && column === c);
    if (!cell && !beside) return [];
    const { mean, std, count, interval, text } = cell ?? {};
    return [
      [
        ...labels,
        cell?.unit ?? beside?.unit,
        text === undefined ? mean : undefined,
        std,
        count,
        ...(ends.length > 0 ? [interval?.low, interval?.high] : []),
        ...(texts.length > 0 ? [text] : []),
        ...published.map(() => beside?.value),
      ],
    ];
  });
  return csvText([head, ...lines]);
}

/**
 * Every value behind the table: one line a value, with its label of each axis that is averaged over; of
 * an interval its ends.
 */
export function valuesCsv(table: Table): string {
  const ends = table.cells.flat().some((cell) => cell?.interval) ? ['end'] : [];
  const head = [...labelHead(table), 'unit', ...table.over, ...ends, 'number'];
  const lines = eachCell(table, (labels, cell) =>
    (cell?.values ?? []).map((number, i) => [
      ...labels,
      cell?.unit,
      ...table.over.map((axis) => cell?.labels?.[i]?.[cell.axes?.indexOf(axis) ?? -1]),
      ...ends.map(() => (cell?.interval ? cell.points?.[i] : undefined)),
      number,
    ]),
  );
  return csvText([head, ...lines]);
}

/** Every number of a curve: one line an epoch of a run, with its point. */
export function curveCsv({ axes, along, quantity, lines }: CurveData): string {
  const rows = lines.flatMap(({ point, rows: numbers }) =>
    numbers.map(({ x, y }) => [...axes.map((axis) => own(point, axis)), x, y]),
  );
  return csvText([[...axes, along, quantity], ...rows]);
}

/** The same for programs. */
export function curveJson({ stage, quantity, along, lines }: CurveData): string {
  const runs = lines.map(({ point, rows }) => ({
    point,
    [`${along}s`]: rows.map(({ x }) => x),
    values: rows.map(({ y }) => y),
  }));
  return `${JSON.stringify({ stage, quantity, runs }, null, 2)}\n`;
}

/** Every point of every stage: its labels, how it ended, its seconds and all of its metrics. */
export function pointsCsv(outcomes: readonly StageOutcome[]): string {
  const axes = [...new Set(outcomes.flatMap((o) => Object.keys(o.planned.point)))].sort();
  const metrics = [
    ...new Set(outcomes.flatMap((o) => Object.keys(o.record?.output.metrics ?? {}))),
  ].sort();
  const head = ['id', 'stage', ...axes, 'outcome', 'seconds', 'key', ...metrics];
  const lines = outcomes.map(({ planned, outcome, seconds, record }) => [
    planned.id,
    planned.name,
    ...axes.map((axis) => own(planned.point, axis)),
    outcome,
    seconds,
    planned.key,
    ...metrics.map((name) => own(record?.output.metrics ?? {}, name) ?? undefined),
  ]);
  return csvText([head, ...lines]);
}

function labelHead(table: Table): readonly string[] {
  return [...table.rowAxes, ...table.columnAxes, 'value'];
}

type Field = string | number | undefined;

function eachCell(
  table: Table,
  lines: (
    labels: readonly string[],
    cell: Cell | undefined,
    row: number,
    column: number,
  ) => readonly (readonly Field[])[],
): readonly (readonly Field[])[] {
  return table.rows.flatMap((row, r) =>
    table.columns.flatMap((column, c) =>
      lines([...row, ...column.labels, column.value], table.cells[r]?.[c], r, c),
    ),
  );
}
