import { own } from '../base/own.js';
import type { Cell, DisplayNames, Table } from '../execute/record.js';
import { type Point, pointText } from './points.js';

/** A table as readers see it: display names instead of names and labels. Files for programs have the table itself. */
export function shownTable(table: Table, names: DisplayNames): Table {
  const { rowAxes, columnAxes } = table;
  const axis = (name: string) => shownAxis(name, names);
  const labels = (axes: readonly string[], of: readonly string[]) =>
    of.map((label, i) => shownLabel(axes[i] ?? '', label, names));
  const columns = new Map(table.columns.map(({ value, shown }) => [value, shown ?? value]));
  const column = (name: string): string => columns.get(name) ?? name;
  const sides = <T extends { readonly first: string; readonly second: string }>(said: T): T => ({
    ...said,
    first: column(said.first),
    second: column(said.second),
  });
  return {
    ...table,
    name: table.shown ?? table.name,
    rowAxes: rowAxes.map(axis),
    rows: table.rows.map((row) => labels(rowAxes, row)),
    columnAxes: columnAxes.map(axis),
    columns: table.columns.map((each) => ({
      ...each,
      labels: labels(columnAxes, each.labels),
      value: column(each.value),
    })),
    cells: table.cells.map((row) => row.map((cell) => cell && shownCell(cell, names))),
    over: table.over.map(axis),
    differences: table.differences.map((difference) => ({
      ...sides(difference),
      ...(difference.within ? { within: difference.within.map(axis) } : {}),
      ...(difference.same ? { same: difference.same.map(axis) } : {}),
    })),
    singlePairs: table.singlePairs.map((pair) => ({
      ...sides(pair),
      ...(pair.same ? { same: pair.same.map(axis) } : {}),
    })),
  };
}

/** A text that is made of labels, with what they are called. */
function shownCell(cell: Cell, names: DisplayNames): Cell {
  if (!cell.chosen) return cell;
  const labels = Object.entries(cell.chosen).map(
    ([axis, label]) => [shownAxis(axis, names), shownLabel(axis, label, names)] as const,
  );
  const [only, ...more] = labels;
  const all = labels.map(([axis, label]) => `${axis}: ${label}`).join(', ');
  return { ...cell, text: only && more.length === 0 ? only[1] : all };
}

export const shownAxis = (axis: string, { axes }: DisplayNames): string => own(axes, axis) ?? axis;

export function shownLabel(axis: string, label: string, { labels }: DisplayNames): string {
  return own(own(labels, axis) ?? {}, label) ?? label;
}

/** `Semantic pairs, seed=1`: a label that has a display name needs no axis beside it. */
export function shownPoint(point: Point, names: DisplayNames, axes = Object.keys(point)): string {
  return [...axes]
    .sort()
    .flatMap((axis) => {
      const label = point[axis];
      if (label === undefined) return [];
      const shown = own(own(names.labels, axis) ?? {}, label);
      return [shown ?? pointText({ [shownAxis(axis, names)]: label })];
    })
    .join(', ');
}
