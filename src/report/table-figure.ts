import type { TopLevelSpec } from 'vega-lite';
import type { Cell, Table } from '../execute/record.js';
import { colour, type Layer, shape, textLayer, zeroLayer } from './chart-layers.js';
import { drawPanel, type Figure, fitText, type Panel, textWidth } from './charts.js';
import { TONES } from './palette.js';
import { type ReadableTable, type TableReading, tableNote } from './table-reading.js';
import { unitScale } from './unit-scale.js';

const WIDTH = 340;
const RIGHT = 18;
const LABEL_WIDTH = 150;

/** Columns drawn on one scale: the same labels, the same unit, all values or all differences. */
interface Group {
  readonly title: string;
  readonly unit: Cell['unit'];
  readonly difference: boolean;
  readonly columns: readonly number[];
  /** The names of its values. */
  readonly values: string;
}

interface Mark {
  readonly row: number;
  readonly series: number;
  /** Value of the row axis, where the rows are numbers. */
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The figure of a table: every value as a small dot, its mean as a mark, ± one standard deviation as a
 * line; one panel for each group of columns. Rows that are at least three numbers become a line.
 */
export async function tableFigure(
  { table: found, shown: table, reading }: ReadableTable,
  name: string,
): Promise<Figure | undefined> {
  const groups = groupsOf(table, reading);
  if (groups.length === 0) return undefined;
  const values = [...new Set(table.columns.map((c) => c.value))];
  const numbers = rowNumbers(found);
  const panels: Panel[] = [];
  for (const group of groups) {
    const compared = groups.filter((other) => comparable(other, group));
    panels.push(await panelOf(table, group, values, numbers, compared));
  }
  const shared = groups.filter((g) => g.columns.length > 1).flatMap((g) => g.columns);
  const explained = new Set(shared.map((c) => table.columns[c]?.value));
  const spread =
    reading.usualCount > 1
      ? ' Small dots are single values; lines are ± one standard deviation.'
      : '';
  const note = tableNote(table, reading.usualCount);
  return {
    name,
    title: table.name,
    caption: `${note === '' ? 'Values' : capital(note)}, by ${axesText(table)}.${spread}`,
    legend: values.flatMap((label, series) => (explained.has(label) ? [{ label, series }] : [])),
    panels,
  };
}

function axesText(table: Table): string {
  return [...table.rowAxes, ...table.columnAxes].join(' and ') || 'value';
}

function groupsOf(table: Table, { differences, units }: TableReading): readonly Group[] {
  const groups = new Map<string, Omit<Group, 'values'>>();
  table.columns.forEach((column, c) => {
    const unit = units[c];
    if (unit === undefined || unit === 'Text') return;
    const difference = differences[c] ?? false;
    const key = JSON.stringify([column.labels, unit, difference]);
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

async function panelOf(
  table: Table,
  group: Group,
  values: readonly string[],
  numbers: readonly number[] | undefined,
  compared: readonly Group[],
): Promise<Panel> {
  const scale = scaleOf(table, compared);
  const domain = compared.length > 1 ? rangeOf(table, compared, scale.divisor) : undefined;
  const marks: Mark[] = [];
  const dots: Pick<Mark, 'row' | 'series' | 'at' | 'value'>[] = [];
  table.rows.forEach((_, row) => {
    for (const c of group.columns) {
      const cell = table.cells[row]?.[c];
      if (!cell || !Number.isFinite(cell.mean)) continue;
      const series = values.indexOf(table.columns[c]?.value ?? '');
      const at = numbers?.[row] ?? row;
      const value = cell.mean / scale.divisor;
      const std = cell.std ?? 0;
      const ends = cell.interval ?? { low: cell.mean - std, high: cell.mean + std };
      const [low, high] = [ends.low / scale.divisor, ends.high / scale.divisor];
      marks.push({ row, series, at, value, low, high });
      if (cell.interval || cell.values.length < 2) continue;
      for (const v of cell.values) {
        if (Number.isFinite(v)) dots.push({ row, series, at, value: v / scale.divisor });
      }
    }
  });
  const drawn = { marks, dots, series: [...new Set(marks.map((m) => m.series))].sort() };
  return numbers
    ? linePanel(table, group, drawn, { title: scale.title, domain }, numbers)
    : dotPanel(table, group, drawn, { title: scale.title, domain });
}

/** How values are laid along their axis: the same for all panels that are held against each other. */
interface ValueAxis {
  readonly title: string;
  readonly domain: [number, number] | undefined;
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
        if (cell.interval) return [cell.interval.low, cell.interval.high];
        const std = cell.std ?? 0;
        return [cell.mean - std, cell.mean + std, ...cell.values];
      }),
    ),
  );
  const zero = groups.some(({ difference }) => difference) ? [0] : [];
  const numbers = [...zero, ...shown].filter(Number.isFinite).map((value) => value / divisor);
  return [Math.min(...numbers), Math.max(...numbers)];
}

interface Drawn {
  readonly marks: readonly Mark[];
  readonly dots: readonly Pick<Mark, 'row' | 'series' | 'at' | 'value'>[];
  readonly series: readonly number[];
}

/** Rows down the page, values to the right: long labels stay readable. */
async function dotPanel(
  table: Table,
  group: Group,
  drawn: Drawn,
  { title, domain }: ValueAxis,
): Promise<Panel> {
  const { lines, width } = rowLabels(table);
  const left = Math.ceil(Math.max(12, width + 12));
  const step = Math.max(lines.length > 1 ? 34 : 28, drawn.series.length * 15 + 10);
  const height = table.rows.length * step;
  const rows = table.rows.map((_, r) => r);
  const y = {
    field: 'row' as const,
    type: 'ordinal' as const,
    scale: { domain: rows, paddingInner: 0.2, paddingOuter: 0.1 },
    axis: null,
  };
  const place = { y, yOffset: offset(drawn.series), color: colour(drawn.series) };
  const x = (field: string) =>
    ({
      field,
      type: 'quantitative',
      scale: { zero: group.difference, nice: true, ...(domain ? { domain } : { padding: 4 }) },
      axis: { title, tickCount: 4, domain: false, grid: true },
    }) as const;
  const spec: TopLevelSpec = {
    width: WIDTH - left - RIGHT,
    height,
    padding: { left, right: RIGHT, top: 28, bottom: 42 },
    layer: [
      titleLayer(group.title, left, 12),
      ...lines.map((labels, n): Layer => {
        const dy = lines.length > 1 ? n * 14 - 7 : 0;
        return {
          data: { values: rows.map((row) => ({ row, label: labels[row] ?? '' })) },
          mark: { type: 'text', align: 'right', fontSize: 12, color: TONES.ink.light, dy },
          encoding: { y, x: { value: -8 }, text: { field: 'label', type: 'nominal' } },
        };
      }),
      ...(group.difference ? [zeroLayer('x')] : []),
      {
        data: { values: [...drawn.marks] },
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { ...place, x: x('low'), x2: { field: 'high' } },
      },
      {
        data: { values: [...drawn.dots] },
        mark: { type: 'circle', size: 16, opacity: 0.55 },
        encoding: { ...place, x: x('value') },
      },
      {
        data: { values: [...drawn.marks] },
        mark: { type: 'point', filled: true, size: 64, opacity: 1 },
        encoding: { ...place, x: x('value'), shape: shape(drawn.series) },
      },
    ],
  };
  return drawPanel(spec, { width: WIDTH, height: height + 70 }, alternative(table, group));
}

/** The labels of the rows, in two lines each where one is too narrow for their parts. */
function rowLabels(table: Table): { lines: readonly (readonly string[])[]; width: number } {
  const joined = table.rows.map((row) => row.join(' · '));
  const narrow = joined.some((label) => textWidth(label) > LABEL_WIDTH);
  const parts =
    narrow && table.rowAxes.length > 1
      ? [
          table.rows.map((row) => row.slice(0, -1).join(' · ')),
          table.rows.map((row) => row.at(-1) ?? ''),
        ]
      : [joined];
  const lines = parts.map((labels) => labels.map((label) => fitText(label, LABEL_WIDTH)));
  return { lines, width: Math.max(...lines.flat().map((label) => textWidth(label))) };
}

/** Numbers along the row axis to the right, values upwards. */
async function linePanel(
  table: Table,
  group: Group,
  drawn: Drawn,
  { title: valueTitle, domain }: ValueAxis,
  numbers: readonly number[],
): Promise<Panel> {
  const left = 52;
  const height = 190;
  const low = numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const ticks = [...numbers];
  const x = {
    field: 'at',
    type: 'quantitative',
    scale: {
      ...(low > 0 && high / low >= 8
        ? ({ type: 'log' } as const)
        : ({ type: 'linear', zero: false } as const)),
      nice: false,
      padding: 12,
    },
    axis: {
      title: table.rowAxes[0] ?? '',
      values: ticks,
      grid: false,
      labelOverlap: true,
      format: '~r',
    },
  } as const;
  const y = (field: string) =>
    ({
      field,
      type: 'quantitative',
      scale: { zero: group.difference, nice: true, ...(domain ? { domain } : {}) },
      axis: { title: null, tickCount: 5, domain: false, ticks: false, grid: true },
    }) as const;
  const place = { x, color: colour(drawn.series) };
  const spec: TopLevelSpec = {
    width: WIDTH - left - RIGHT,
    height,
    padding: { left, right: RIGHT, top: 46, bottom: 42 },
    layer: [
      titleLayer(group.title, left, 30),
      textLayer(valueTitle, { x: 2 - left, y: -13 }, { strong: false }),
      ...(group.difference ? [zeroLayer('y')] : []),
      {
        data: { values: [...drawn.marks] },
        mark: { type: 'line', strokeWidth: 1.8 },
        encoding: { ...place, y: y('value') },
      },
      {
        data: { values: [...drawn.marks] },
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: { ...place, y: y('low'), y2: { field: 'high' } },
      },
      {
        data: { values: [...drawn.dots] },
        mark: { type: 'circle', size: 14, opacity: 0.55 },
        encoding: { ...place, y: y('value') },
      },
      {
        data: { values: [...drawn.marks] },
        mark: { type: 'point', filled: true, size: 56, opacity: 1 },
        encoding: { ...place, y: y('value'), shape: shape(drawn.series) },
      },
    ],
  };
  return drawPanel(spec, { width: WIDTH, height: height + 88 }, alternative(table, group));
}

function titleLayer(title: string, left: number, above: number): Layer {
  return textLayer(fitText(title, WIDTH - 8), { x: 2 - left, y: -above }, { strong: true });
}

function offset(series: readonly number[]) {
  const scale = { domain: [...series] };
  return { field: 'series' as const, type: 'ordinal' as const, scale };
}

function alternative(table: Table, group: Group): string {
  return `Figure of ${table.name}, ${group.title}; its numbers stand in the table.`;
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

/** The rows as numbers, if they are at least three rising ones of one axis: `50`, `10%`, `64px`. */
function rowNumbers(table: Table): readonly number[] | undefined {
  if (table.rowAxes.length !== 1 || table.rows.length < 3) return undefined;
  const numbers = table.rows.map((row) =>
    /^-?\d[\d_]*(\.\d+)?(e[+-]?\d+)?(%|px|deg)?$/.test(row[0] ?? '')
      ? Number.parseFloat((row[0] ?? '').replaceAll('_', ''))
      : Number.NaN,
  );
  return numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? Number.NaN))
    ? numbers
    : undefined;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
