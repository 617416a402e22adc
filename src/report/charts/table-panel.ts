import type { Cell, Table } from '../../execute/record.js';
import { type Layer, textLayer } from './chart-layers.js';
import { fitText } from './charts.js';

/** Width of a panel of a table's figure, and what is free at its right, in pixels. */
export const WIDTH = 340;
export const RIGHT = 18;

/** Columns drawn on one scale: the same labels, the same unit, all values or all differences. */
export interface Group {
  readonly title: string;
  readonly unit: Cell['unit'];
  readonly difference: boolean;
  readonly columns: readonly number[];
  /** The names of its values. */
  readonly values: string;
}

export interface Mark {
  readonly row: number;
  readonly series: number;
  /** Value of the row axis, where the rows are numbers. */
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Rows that are rising numbers, laid along an axis. */
export interface RowNumbers {
  readonly numbers: readonly number[];
  /** By their logarithms. */
  readonly log: boolean;
}

/** How values are laid along their axis: the same for all panels that are held against each other. */
export interface ValueAxis {
  readonly title: string;
  readonly domain: [number, number] | undefined;
}

/** What a panel shows. */
export interface Drawn {
  readonly marks: readonly Mark[];
  readonly dots: readonly Pick<Mark, 'row' | 'series' | 'at' | 'value'>[];
  readonly series: readonly number[];
}

export function titleLayer(title: string, left: number, above: number): Layer {
  return textLayer(fitText(title, WIDTH - 8), { x: 2 - left, y: -above }, { strong: true });
}

export function offset(series: readonly number[]) {
  const scale = { domain: [...series] };
  return { field: 'series' as const, type: 'ordinal' as const, scale };
}

export function alternative(table: Table, group: Group): string {
  return `Figure of ${table.name}, ${group.title}; its numbers stand in the table.`;
}
