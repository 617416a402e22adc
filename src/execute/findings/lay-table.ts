import type { Field, Report } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import type { World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { pointText } from '../../plan/point.js';
import type { Table } from '../record.js';
import { cellAt } from './cell-at.js';
import { differencesIn } from './differences.js';
import { overImages } from './over-images.js';
import type { Predictions } from './predictions.js';
import { isWithItself } from './with-itself.js';

/** A table before its points become labels: what each row and column is of, and their cells. */
export interface LaidTable {
  readonly rows: readonly Point[];
  readonly columns: readonly LaidColumn[];
  readonly cells: Table['cells'];
  /** Cells of which the results give no number. */
  readonly untold: number;
}

export interface LaidColumn extends Field {
  readonly point: Point;
}

/** Lays a table out. A row or column none of whose points exists was dropped by a `where` or a slice. */
export function layTable(report: Report, world: World): LaidTable {
  const rows = [...pointsOver(report.rows, {}, world)];
  const columns = [...pointsOver(report.columns, {}, world)].flatMap((point) =>
    report.values.map((value) => ({ point, ...value })),
  );
  const grid = rows.map((row) =>
    columns.map(({ point, value }) => cellAt(value, { ...row, ...point }, report.over, world)),
  );
  const isRow = grid.map((cells) => cells.some((cell) => cell.exists));
  const isColumn = columns.map((_, c) => grid.some((cells) => cells[c]?.exists));
  return {
    rows: rows.filter((_, r) => isRow[r]),
    columns: columns.filter((_, c) => isColumn[c]),
    cells: grid
      .filter((_, r) => isRow[r])
      .map((line) => line.filter((_, c) => isColumn[c]).map(({ cell }) => cell)),
    untold: grid.flat().filter(({ untold }) => untold).length,
  };
}

/** What is said of the differences in a table that is laid out. */
export function differencesOf(
  { rows, columns, cells }: LaidTable,
  { over, rows: rowAxes, columns: columnAxes }: Pick<Report, 'over' | 'rows' | 'columns'>,
  world: World,
  predictions: Predictions | undefined,
): Pick<Table, 'differences' | 'singlePairs'> {
  const difference = (row: number, column: number) => {
    const { value, point } = columns[column] ?? {};
    return value?.kind === 'binary' ? { value, at: { ...rows[row], ...point } } : undefined;
  };
  return differencesIn(columns, cells, {
    imagesOf(row, column) {
      const of = predictions && difference(row, column);
      return of && overImages(of.value, of.at, over, world, predictions);
    },
    isNone(row, column) {
      const of = difference(row, column);
      return of !== undefined && isWithItself(of.value, of.at, over, world);
    },
    sameAlong: (column) =>
      [...rowAxes, ...columnAxes].filter((axis) => !columns[column]?.value.dims.includes(axis)),
    placeOf(row, column) {
      const { value, point } = columns[column] ?? {};
      const at = { ...rows[row], ...point };
      return pointText(
        (value?.dims ?? []).filter((axis) => Object.hasOwn(at, axis)),
        at,
      );
    },
  });
}
