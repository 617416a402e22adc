import type { TopLevelSpec } from 'vega-lite';
import type { Table } from '../../execute/record.js';
import { colour, type Layer, shape, zeroLayer } from './chart-layers.js';
import { drawPanel, fitText, type Panel, textWidth } from './charts.js';
import { TONES } from './palette.js';
import {
  alternative,
  type Drawn,
  type Group,
  offset,
  RIGHT,
  titleLayer,
  type ValueAxis,
  WIDTH,
} from './table-panel.js';

const LABEL_WIDTH = 150;

/** Rows down the page, values to the right: long labels stay readable. Of differences, a forest plot. */
export async function dotPanel(
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
