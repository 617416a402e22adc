import { bySeed } from '../../base/statistics/by-seed.js';
import { holm } from '../../base/statistics/holm.js';
import { std } from '../../base/statistics/moments.js';
import { signFlip } from '../../base/statistics/sign-flip.js';
import { tTest } from '../../base/statistics/student.js';
import type { Cell, StageOutcome, Table } from '../../execute/record.js';
import { type Emphasis, isNumber, type TableReading } from './table-reading.js';

/**
 * The best cells, by row and column: the highest share or the shortest time. Columns of which two at least are called as
 * labels of axes of trainings (`sp`, `ap`, a control's `random`) compete within each row; other columns, such as data sets
 * that are asked, each have a best row.
 * One value over numbers both ways, such as rates and temperatures, has one best of all.
 * Differences, plain numbers and shares of errors have no best: nothing says which way is better. With the best are all
 * that a paired t test cannot tell from it at 0.05, adjusted by Holm; where that is all, none is.
 */
export function bestCells(
  table: Table,
  reading: TableReading,
  axes: RunAxes,
): { readonly best: readonly (readonly boolean[])[]; readonly emphasis: Emphasis } {
  const best = table.cells.map((row) => row.map(() => false));
  const used = new Set<Exclude<Emphasis, 'both' | 'none'>>();
  const mark = (
    places: readonly (readonly [number, number])[],
    how: Exclude<Emphasis, 'both' | 'none'>,
  ) => {
    const present = places.flatMap(([r, c]) => {
      const cell = table.cells[r]?.[c];
      return cell && isNumber(cell) && Number.isFinite(cell.mean) ? [{ r, c, cell }] : [];
    });
    const unit = present[0]?.cell.unit;
    if (present.length < 2 || (unit !== 'Fraction' && unit !== 'Duration')) return;
    const top = present.reduce((a, b) =>
      (unit === 'Fraction' ? b.cell.mean > a.cell.mean : b.cell.mean < a.cell.mean) ? b : a,
    );
    // Of one value, or without seeds in common, nothing can be told.
    const rivals = present.flatMap((place) => {
      const p = place === top ? undefined : toldApart(pairedWith(top.cell, place.cell));
      return p === undefined ? [] : [{ place, p }];
    });
    const told = holm(rivals.map(({ p }) => p));
    const alike = rivals.filter((_, i) => (told[i] ?? 1) >= 0.05).map(({ place }) => place);
    if (alike.length === rivals.length) return;
    const winners = [top, ...alike];
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
    if (labelled(values, axes).length > 1) {
      table.cells.forEach((_, r) => {
        mark(
          group.map((c) => [r, c] as const),
          'rows',
        );
      });
    } else {
      for (const rows of comparedRows(table, axes)) {
        for (const c of group) {
          mark(
            rows.map((r) => [r, c] as const),
            'columns',
          );
        }
      }
    }
  }
  const [only] = used;
  return { best, emphasis: used.size === 2 ? 'both' : (only ?? 'none') };
}

/**
 * The p of a paired t test. Differences that are all the same number have no spread: they are told apart
 * where the sign-flip test does it, from six on.
 */
function toldApart(differences: readonly number[]): number | undefined {
  if (std(differences) !== 0) return tTest(differences);
  const p = signFlip(differences) ?? 1;
  return p < 0.05 ? 0 : p;
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

/** The values that are labels of an axis along which something is trained otherwise. */
function labelled(values: readonly string[], { labels, trained }: RunAxes): readonly string[] {
  const all = [...labels].flatMap(([axis, of]) => (trained?.has(axis) === false ? [] : [of]));
  return values.filter((value) => all.some((of) => of.has(value)));
}

/**
 * Rows that compete: those between which something is trained otherwise. What is only asked otherwise, such as the
 * images of another data set, says nothing of what is better.
 */
function comparedRows(
  { rows, rowAxes }: Table,
  { trained }: RunAxes,
): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  rows.forEach((labels, r) => {
    const asked = labels.filter((_, i) => trained && !trained.has(rowAxes[i] ?? ''));
    const key = JSON.stringify(asked);
    groups.set(key, [...(groups.get(key) ?? []), r]);
  });
  return [...groups.values()];
}

/** The axes of a run. */
export interface RunAxes {
  /** Each with its labels, in the order of the plan. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those along which trainings differ; undefined where nothing is trained. */
  readonly trained: ReadonlySet<string> | undefined;
}

export function axesOf(outcomes: readonly StageOutcome[]): RunAxes {
  const labels = new Map<string, Set<string>>();
  for (const { planned } of outcomes) {
    for (const [axis, label] of Object.entries(planned.point)) {
      const known = labels.get(axis) ?? new Set<string>();
      labels.set(axis, known.add(label));
    }
  }
  const trainings = outcomes.filter(({ planned }) => planned.keyword === 'train');
  const trained = new Set(trainings.flatMap(({ planned }) => Object.keys(planned.point)));
  return { labels, trained: trainings.length === 0 ? undefined : trained };
}
