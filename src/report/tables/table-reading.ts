import type { Cell, Table } from '../../execute/record.js';

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

/** Is the cell a number, and neither an interval nor a text? */
export const isNumber = (cell: Cell): boolean => !cell.interval && cell.text === undefined;

/** Is it the mean of so many values? */
const hasCount = (cell: Cell): boolean => isNumber(cell) && !cell.reduced;

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

/** Why a table has no cell at all; nothing where it is for what images do not tell, which is said of any table. */
export function emptyText(table: Table): string {
  if (table.columns.length === 0) return 'no points are left to show';
  return untoldText(table) || (table.silent ? '' : 'no results yet');
}

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

function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0];
}
