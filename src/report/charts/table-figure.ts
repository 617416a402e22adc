import { bySeed } from '../../base/statistics/by-seed.js';
import { ci95 } from '../../base/statistics/student.js';
import type { Cell, Table } from '../../execute/record.js';
import { unitScale } from '../numbers/unit-scale.js';
import { type ReadableTable, type TableReading, tableNote } from '../tables/table-reading.js';
import type { Figure, Panel } from './charts.js';
import { dotPanel } from './dot-panel.js';
import { linePanel } from './line-panel.js';
import type { Drawn, Group, Mark, RowNumbers } from './table-panel.js';

/**
 * The figure of a table: every value as a small dot, its mean as a mark, ± one standard deviation as a
 * line, of a difference the 95 % interval of its mean; one panel for each group of columns. Rows that are
 * at least three numbers become a line.
 */
export async function tableFigure(
  { table: found, shown: table, reading }: ReadableTable,
  name: string,
): Promise<Figure | undefined> {
  const groups = groupsOf(table, reading);
  if (groups.length === 0) return undefined;
  const values = [...new Set(table.columns.map((c) => c.value))];
  const rows = rowNumbers(found);
  const panels: Panel[] = [];
  for (const group of groups) {
    const compared = groups.filter((other) => comparable(other, group));
    panels.push(await panelOf(table, group, values, rows, compared));
  }
  const shared = groups.filter((g) => g.columns.length > 1).flatMap((g) => g.columns);
  const explained = new Set(shared.map((c) => table.columns[c]?.value));
  const spread =
    reading.usualCount > 1 ? ` Small dots are single values; ${linesText(groups)}.` : '';
  const note = tableNote(table, reading.usualCount);
  return {
    name,
    title: table.name,
    caption: `${note === '' ? 'Values' : capital(note)}, by ${axesText(table)}.${spread}`,
    legend: values.flatMap((label, series) => (explained.has(label) ? [{ label, series }] : [])),
    panels,
  };
}

/** What the lines through the marks are. */
function linesText(groups: readonly Group[]): string {
  const [values, differences] = [false, true].map((is) =>
    groups.some(({ difference }) => difference === is),
  );
  const interval = 'the 95 % interval of the mean, by Student’s t';
  if (!differences) return 'lines are ± one standard deviation';
  return values
    ? `lines are ± one standard deviation, of differences ${interval}`
    : `lines are ${interval}`;
}

function axesText(table: Table): string {
  return [...table.rowAxes, ...table.columnAxes].join(' and ') || 'value';
}

function groupsOf(table: Table, { differences, units }: TableReading): readonly Group[] {
  const groups = new Map<string, Omit<Group, 'values'>>();
  const axisOf = scalesOf(table);
  table.columns.forEach((column, c) => {
    const unit = units[c];
    if (unit === undefined || unit === 'Text') return;
    const difference = differences[c] ?? false;
    const scale = unit === 'Float' || unit === 'Int' ? axisOf(column.value) : 0;
    const key = JSON.stringify([column.labels, unit, difference, scale]);
    const known = groups.get(key);
    groups.set(key, {
      title: column.labels.join(' · '),
      unit,
      difference,
      columns: [...(known?.columns ?? []), c],
    });
  });
  return [...groups.values()].map((group) => {
    const names = group.columns.map((c) => table.columns[c]?.value ?? '').join(', ');
    const title = group.title === '' ? names : `${group.title}: ${names}`;
    return { ...group, values: names, title };
  });
}

/** Numbers without a unit of which one is so many times the other are flat on one axis. */
const flattens = 20;

/** Which values go on one axis, by their names: those of like size. */
function scalesOf(table: Table): (value: string) => number {
  const sizes = new Map<string, number>();
  table.columns.forEach(({ value }, c) => {
    const means = table.cells.flatMap((row) => Math.abs(row[c]?.mean ?? 0));
    const size = Math.max(0, ...means.filter(Number.isFinite));
    sizes.set(value, Math.max(sizes.get(value) ?? 0, size));
  });
  const scales: number[] = [];
  const found = new Map<string, number>();
  for (const [value, size] of sizes) {
    const like = scales.findIndex((one) => Math.max(one, size) <= flattens * Math.min(one, size));
    found.set(value, like === -1 ? scales.push(size) - 1 : like);
  }
  return (value) => found.get(value) ?? 0;
}

async function panelOf(
  table: Table,
  group: Group,
  values: readonly string[],
  rows: RowNumbers | undefined,
  compared: readonly Group[],
): Promise<Panel> {
  const scale = scaleOf(table, compared);
  const domain = compared.length > 1 ? rangeOf(table, compared, scale.divisor) : undefined;
  const marks: Mark[] = [];
  const dots: Drawn['dots'][number][] = [];
  table.rows.forEach((_, row) => {
    for (const c of group.columns) {
      const cell = table.cells[row]?.[c];
      if (!cell || !Number.isFinite(cell.mean)) continue;
      const series = values.indexOf(table.columns[c]?.value ?? '');
      const at = rows?.numbers[row] ?? row;
      const value = cell.mean / scale.divisor;
      const ends = endsOf(cell, group);
      const [low, high] = [ends.low / scale.divisor, ends.high / scale.divisor];
      marks.push({ row, series, at, value, low, high });
      if (cell.interval || cell.values.length < 2) continue;
      for (const v of cell.values) {
        if (Number.isFinite(v)) dots.push({ row, series, at, value: v / scale.divisor });
      }
    }
  });
  const drawn = {
    marks,
    dots,
    series: [...new Set(marks.map((m) => m.series))].sort((a, b) => a - b),
  };
  return rows
    ? linePanel(table, group, drawn, { title: scale.title, domain }, rows)
    : dotPanel(table, group, drawn, { title: scale.title, domain });
}

/** What the line through the mark of a cell spans. */
function endsOf(
  cell: Cell,
  { difference }: Pick<Group, 'difference'>,
): { readonly low: number; readonly high: number } {
  const { mean, std = 0, interval } = cell;
  const spread = { low: mean - std, high: mean + std };
  return interval ?? (difference ? ci95(bySeed(cell).values) : undefined) ?? spread;
}

/** Panels of the same values at other labels are held against each other. */
function comparable(a: Group, b: Group): boolean {
  return a.unit === b.unit && a.difference === b.difference && a.values === b.values;
}

/** From the least to the most that panels show. */
function rangeOf(table: Table, groups: readonly Group[], divisor: number): [number, number] {
  const shown = groups.flatMap((group) =>
    group.columns.flatMap((c) =>
      table.cells.flatMap((row) => {
        const cell = row[c];
        if (!cell || !Number.isFinite(cell.mean)) return [];
        const { low, high } = endsOf(cell, group);
        return cell.interval ? [low, high] : [low, high, ...cell.values];
      }),
    ),
  );
  const zero = groups.some(({ difference }) => difference) ? [0] : [];
  const numbers = [...zero, ...shown].filter(Number.isFinite).map((value) => value / divisor);
  return [Math.min(...numbers), Math.max(...numbers)];
}

/** What the values are divided by, and the title of their axis with the unit. */
function scaleOf(table: Table, groups: readonly Group[]): { divisor: number; title: string } {
  const [group] = groups;
  if (!group) return { divisor: 1, title: '' };
  const means = groups
    .flatMap((g) => g.columns)
    .flatMap((c) => table.cells.map((row) => row[c]?.mean ?? 0));
  const { divisor, name } = unitScale(group.unit, means);
  const parts = [...(group.difference ? ['difference'] : []), ...(name === '' ? [] : [name])];
  return { divisor, title: parts.join(', ') };
}

/** Axes whose numbers are names of draws: between two of them lies nothing. */
const draws = /^(seed|fold|repeat|replicate|run)s?$/i;

/** The rows as numbers, if they are at least three rising ones of one axis: `50`, `10%`, `64px`. */
function rowNumbers(table: Table): RowNumbers | undefined {
  const [axis = ''] = table.rowAxes;
  if (table.rowAxes.length !== 1 || table.rows.length < 3 || draws.test(axis)) return undefined;
  const numbers = table.rows.map((row) =>
    /^-?\d[\d_]*(\.\d+)?(e[+-]?\d+)?(%|px|deg)?$/.test(row[0] ?? '')
      ? Number.parseFloat((row[0] ?? '').replaceAll('_', ''))
      : Number.NaN,
  );
  if (!numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? Number.NaN))) return undefined;
  const [low = 0, high = 0] = [numbers[0], numbers.at(-1)];
  // epochs (`at`, an axis that no file declares) are as far apart as they took
  return { numbers, log: low > 0 && high / low >= 8 && axis !== 'at' };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
