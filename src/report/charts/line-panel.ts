import type { TopLevelSpec } from 'vega-lite';
import type { Table } from '../../execute/record.js';
import { colour, shape, textLayer, zeroLayer } from './chart-layers.js';
import { drawPanel, type Panel } from './charts.js';
import {
  alternative,
  type Drawn,
  type Group,
  RIGHT,
  type RowNumbers,
  titleLayer,
  type ValueAxis,
  WIDTH,
} from './table-panel.js';

/** Numbers along the row axis to the right, values upwards. */
export async function linePanel(
  table: Table,
  group: Group,
  drawn: Drawn,
  { title: valueTitle, domain }: ValueAxis,
  { numbers, log }: RowNumbers,
): Promise<Panel> {
  const left = 52;
  const height = 190;
  const ticks = [...numbers];
  const x = {
    field: 'at',
    type: 'quantitative',
    scale: {
      ...(log ? ({ type: 'log' } as const) : ({ type: 'linear', zero: false } as const)),
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
