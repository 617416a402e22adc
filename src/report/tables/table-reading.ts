import { bySeed } from '../../base/statistics/by-seed.js';
import { holm } from '../../base/statistics/holm.js';
import { tTest } from '../../base/statistics/student.js';
import type { Cell, StageOutcome, Table } from '../../execute/record.js';

/** What a reader has to know about the columns of a table before its numbers can be set. */
export interface TableReading {
  /** For each column: its values are differences, so they carry signs and are never "best". */
  readonly differences: readonly boolean[];
  /** For each column: the one unit of its cells, none where they differ or are missing. */
  readonly units: readonly (Cell['unit'] | undefined)[];
  /** The number of values behind most cells; cells that differ say so. */
  readonly usualCount: number;
}

/** A table as it is declared, as readers see it, and how its numbers are set. */
export interface ReadableTable {
  readonly table: Table;
  /** With display names instead of names and labels. */
  readonly shown: Table;
  readonly reading: TableReading;
}

/** What a metric is called that is a difference as it was measured. */
const DIFFERENCE = /(^|_)(gain|gap|diff|difference|delta)s?($|_)/i;

/** Reads a table: which columns are differences, in which units, from how many values. */
export function readTable(table: Table): TableReading {
  const columns = table.columns.map((_, c) =>
    table.cells.flatMap((row) => {
      const cell = row[c];
      return cell === undefined ? [] : [cell];
    }),
  );
  return {
    differences: columns.map(
      (cells, c) =>
        table.columns[c]?.difference === true ||
        DIFFERENCE.test(table.columns[c]?.value ?? '') ||
        cells.some(({ mean, unit }) => unit === 'FractionDifference' || isBelowNone(mean, unit)),
    ),
    units: columns.map((cells) => {
      const units = new Set(cells.map((cell) => cell.unit));
      return units.size === 1 ? cells[0]?.unit : undefined;
    }),
    usualCount:
      mostCommon(columns.flat().flatMap((cell) => (hasCount(cell) ? [cell.count] : []))) ?? 1,
  };
}

/** Less than nothing of a share or a time is a difference; other numbers may be negative. */
const isBelowNone = (mean: number, unit: Cell['unit']): boolean =>
  mean < 0 && (unit === 'Fraction' || unit === 'Duration');

/** Is the cell a mean of so many values, and neither an interval nor a text? */
const hasCount = (cell: Cell): boolean => !cell.interval && cell.text === undefined;

/** ` (n=2)` where a cell is the mean of another number of values than most; else nothing. */
export function otherCount(cell: Cell, { usualCount }: TableReading): string {
  return hasCount(cell) && cell.count !== usualCount ? ` (n=${cell.count})` : '';
}

/** What stands under a table: how its cells were made, and whether results are still to come. */
export function tableNote(table: Table, usualCount: number): string {
  if (table.cells.flat().every((cell) => cell === undefined)) return emptyText(table);
  const pending = table.cells.flat().reduce((sum, cell) => sum + (cell?.pending ?? 0), 0);
  const invalid = table.cells.flat().reduce((sum, cell) => sum + (cell?.invalid ?? 0), 0);
  const left =
    invalid > 0
      ? `; ${invalid} ${invalid === 1 ? 'value is no finite, exact number' : 'values are no finite, exact numbers'} and left out`
      : '';
  const none = untoldText(table);
  const early =
    pending > 0 ? `; ${pending} more ${pending === 1 ? 'has' : 'have'} no result yet` : '';
  const after = `${early}${left}${none === '' ? '' : `; ${none}`}`;
  if (table.over.length === 0) return after.slice(2);
  const over = table.over.join(', ');
  return usualCount === 1
    ? `one value of ${over}, so no spread${after}`
    : `mean ± standard deviation over ${over}, n = ${usualCount}${after}`;
}

/** Why a table has no cell at all. */
export const emptyText = (table: Table): string => untoldText(table) || 'no results yet';

/** Of how many cells the results give no number. */
function untoldText({ untold = 0 }: Table): string {
  const cells = untold === 1 ? 'of one cell' : `of ${untold} cells`;
  return untold === 0 ? '' : `${cells} the values are too few or too alike to give a number`;
}

/** Who published what stands beside the cells of a table; empty where nothing does. */
export function publishedNote({ published }: Table): string {
  const sources = [...new Set(published.map(({ source }) => source))];
  return sources.length === 0 ? '' : `published: ${sources.join('; ')}`;
}

/** How the best cells were found, for the note under the table. */
export type Emphasis = 'rows' | 'columns' | 'both' | 'grid' | 'none';

/** What bold means in a table; empty where nothing is. */
export function bestNote(emphasis: Emphasis): string {
  const where = {
    rows: 'of its row',
    columns: 'of its column',
    both: 'of its row or column',
    grid: 'of all',
  };
  return emphasis === 'none'
    ? ''
    : `bold: the best mean ${where[emphasis]} (highest share, shortest time), and what a paired t test does not tell from it (0.05, by Holm)`;
}

/** A note as a sentence of its own. */
export const sentence = (text: string): string =>
  text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/**
 * The best cells, by row and column: the highest share or the shortest time. Columns whose value names
 * are all labels of axes (`sp`, `ap`, a control's `random`) compete within each row; other columns each have a best row.
 * One value over numbers both ways, such as rates and temperatures, has one best of all.
 * Differences, plain numbers and shares of errors have no best: nothing says which way is better. With the best are all
 * that a paired t test cannot tell from it at 0.05, adjusted by Holm; where that is all, none is.
 */
export function bestCells(
  table: Table,
  reading: TableReading,
  axisLabels: ReadonlyMap<string, ReadonlySet<string>>,
): { readonly best: readonly (readonly boolean[])[]; readonly emphasis: Emphasis } {
  const best = table.cells.map((row) => row.map(() => false));
  const used = new Set<Exclude<Emphasis, 'both' | 'none'>>();
  const mark = (
    places: readonly (readonly [number, number])[],
    how: Exclude<Emphasis, 'both' | 'none'>,
  ) => {
    const present = places.flatMap(([r, c]) => {
      const cell = table.cells[r]?.[c];
      return cell && hasCount(cell) && Number.isFinite(cell.mean) ? [{ r, c, cell }] : [];
    });
    const unit = present[0]?.cell.unit;
    if (present.length < 2 || (unit !== 'Fraction' && unit !== 'Duration')) return;
    const top = present.reduce((a, b) =>
      (unit === 'Fraction' ? b.cell.mean > a.cell.mean : b.cell.mean < a.cell.mean) ? b : a,
    );
    const rivals = present.filter((p) => p !== top);
    const told = holm(rivals.map(({ cell }) => tTest(pairedWith(top.cell, cell)) ?? 1));
    const winners = [top, ...rivals.filter((_, i) => (told[i] ?? 1) >= 0.05)];
    if (winners.length === present.length) return;
    used.add(how);
    for (const { r, c } of winners) (best[r] ?? [])[c] = true;
  };
  const isRanked =
    !table.columns.some(({ errors }) => errors) && !reading.differences.some(Boolean);
  if (isGrid(table) && isRanked) {
    mark(
      table.cells.flatMap((row, r) => row.map((_, c) => [r, c] as const)),
      'grid',
    );
    return { best, emphasis: [...used][0] ?? 'none' };
  }
  for (const group of columnGroups(table, reading)) {
    const values = group.map((c) => table.columns[c]?.value ?? '');
    const rivals = values.length > 1 && labelsOfAnAxis(values, axisLabels);
    if (rivals) {
      table.cells.forEach((_, r) => {
        mark(
          group.map((c) => [r, c] as const),
          'rows',
        );
      });
    } else {
      for (const c of group) {
        mark(
          table.cells.map((_, r) => [r, c] as const),
          'columns',
        );
      }
    }
  }
  const [only] = used;
  return { best, emphasis: used.size === 2 ? 'both' : (only ?? 'none') };
}

/** The differences of two cells at the points that both have, by seed. */
function pairedWith(a: Cell, b: Cell): readonly number[] {
  const others = new Map(b.points?.map((point, i) => [point, b.values[i]]));
  const both = a.values.flatMap((value, i) => {
    const other = others.get(a.points?.[i] ?? '');
    return other === undefined ? [] : [{ value: value - other, labels: a.labels?.[i] ?? [] }];
  });
  const [values, labels] = [both.map((pair) => pair.value), both.map((pair) => pair.labels)];
  return bySeed({ ...(a.axes && { axes: a.axes }), labels, values }).values;
}

/** One value whose rows and columns are settings that are numbers: `0.1`, `64px`. */
function isGrid({ rows, columns, rowAxes, columnAxes }: Table): boolean {
  const number = (label: string) => /^-?\d[\d_.]*(e[+-]?\d+)?(%|[a-zA-Z]+)?$/.test(label);
  return (
    rowAxes.length > 0 &&
    columnAxes.length > 0 &&
    new Set(columns.map(({ value }) => value)).size === 1 &&
    rows.flat().every(number) &&
    columns.every(({ labels }) => labels.every(number))
  );
}

/** Columns under the same labels and of the same unit; differences left out. */
function columnGroups(table: Table, reading: TableReading): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  table.columns.forEach((column, c) => {
    if (reading.differences[c] || column.errors) return;
    const key = JSON.stringify([column.labels, reading.units[c]]);
    groups.set(key, [...(groups.get(key) ?? []), c]);
  });
  return [...groups.values()];
}

function labelsOfAnAxis(
  values: readonly string[],
  axisLabels: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const axes = [...axisLabels.values()];
  return values.every((value) => axes.some((labels) => labels.has(value)));
}

/** Every axis of a run with its labels, in the order of the plan. */
export function labelsOfAxes(outcomes: readonly StageOutcome[]): Map<string, Set<string>> {
  const axes = new Map<string, Set<string>>();
  for (const { planned } of outcomes) {
    for (const [axis, label] of Object.entries(planned.point)) {
      const labels = axes.get(axis) ?? new Set<string>();
      axes.set(axis, labels.add(label));
    }
  }
  return axes;
}

function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0];
}
