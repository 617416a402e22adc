import { differenceUnit } from '../../execute/findings/unit-of.js';
import type { Cell, Published } from '../../execute/record.js';
import {
  numberText,
  type Printed,
  printCell,
  printedText,
  printPublished,
} from '../numbers/format-number.js';
import { otherCount, type ReadableTable } from './table-reading.js';

/** A column as it is set: one of the table's own, or what was published beside it. */
export interface SetColumn {
  readonly labels: readonly string[];
  readonly name: string;
  /** The unit of all of its cells, where they have one and do not carry it. */
  readonly unit: string;
  /** Whether it stands beside one of the table's own. */
  readonly beside: boolean;
  /** By row. */
  readonly cells: readonly (SetCell | undefined)[];
}

export interface SetCell {
  readonly printed: Printed;
  readonly best: boolean;
  /** It is words, no number. */
  readonly isText?: boolean;
  /** ` (n=2)` where it is the mean of another number of values than most. */
  readonly count: string;
  /** What stands behind it: its values, or who published it. */
  readonly behind: string;
}

/** What of a table is set, and what of it is bold. */
type Settable = Pick<ReadableTable, 'shown' | 'reading'> & {
  readonly best?: readonly (readonly boolean[])[];
};

/**
 * The columns of a table as every medium sets them. Where something was published of the cells of a
 * column, it stands beside them, and then how far ours are from it.
 */
export function setColumns(item: Settable): readonly SetColumn[] {
  return item.shown.columns.flatMap(({ labels, value }, c) => {
    const own: SetColumn = {
      labels,
      name: value,
      unit: unitOf(item, c),
      beside: false,
      cells: item.shown.cells.map((row, r) => row[c] && ownCell(item, row[c], r, c)),
    };
    return [own, ...besides(item, c).map((column) => ({ labels, ...column }))];
  });
}

function ownCell({ reading, best }: Settable, cell: Cell, r: number, c: number): SetCell {
  return {
    printed: printCell(cell, reading.differences[c]),
    best: best?.[r]?.[c] ?? false,
    isText: cell.text !== undefined,
    count: otherCount(cell, reading),
    behind: valuesText(cell),
  };
}

function unitOf({ shown, reading }: Settable, c: number): string {
  const cell = shown.cells.find((row) => row[c] !== undefined)?.[c];
  return reading.units[c] !== undefined && cell ? printCell(cell).unit : '';
}

function besides({ shown }: Settable, c: number): readonly Omit<SetColumn, 'labels'>[] {
  const rows = publishedOf(shown, c);
  if (rows === undefined) return [];
  return [
    besideColumn(
      'published',
      rows.map((found) => found && printPublished(found.value, found.unit)),
      rows,
    ),
    besideColumn(
      'difference',
      rows.map((found) => {
        if (found?.difference === undefined) return undefined;
        const unit = differenceUnit(found.unit);
        return printCell({ mean: found.difference, unit }, true);
      }),
      rows,
    ),
  ];
}

function besideColumn(
  name: string,
  printed: readonly (Printed | undefined)[],
  rows: readonly (Published | undefined)[],
): Omit<SetColumn, 'labels'> {
  const units = new Set(printed.flatMap((one) => one?.unit ?? []));
  const cells = printed.map(
    (one, r) => one && { printed: one, best: false, count: '', behind: rows[r]?.source ?? '' },
  );
  return { name, unit: units.size === 1 ? ([...units][0] ?? '') : '', beside: true, cells };
}

/** What was published of a cell, and ours less that, where ours is there. */
export interface BesideCell extends Published {
  readonly difference: number | undefined;
}

/** By row what was published of the cells of a column; undefined where nothing was. */
export function publishedOf(
  { published, cells }: Pick<ReadableTable['shown'], 'published' | 'cells'>,
  c: number,
): readonly (BesideCell | undefined)[] | undefined {
  const found = published.filter(({ column }) => column === c);
  if (found.length === 0) return undefined;
  return cells.map((row, r) => {
    const one = found.find((each) => each.row === r);
    const ours = row[c]?.mean;
    return one && { ...one, difference: ours === undefined ? undefined : ours - one.value };
  });
}

/** A cell in one line, with its unit: `44.8 ± 2.0 % (n=2)`. */
export const setText = ({ printed, count }: SetCell): string => `${printedText(printed)}${count}`;

/** The values behind a cell: `seed=1: 44.8 %; seed=2: 45.0 %`. */
export function valuesText(cell: Cell): string {
  return cell.values
    .map((value, i) => {
      const point = cell.points?.[i];
      const text = numberText(value, cell.unit);
      return point ? `${point}: ${text}` : text;
    })
    .join('; ');
}
