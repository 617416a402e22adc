import type { TopLevelSpec } from 'vega-lite';
import { seriesTone, TONES } from './palette.js';

/** One layer of a panel. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

const SHAPES = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', 'triangle-right'];
const DASHES = [
  [1, 0],
  [5, 3],
  [1.5, 2.5],
  [8, 3, 2, 3],
];

function bySeries<Look>(series: readonly number[], range: Look[]) {
  const scale = { domain: [...series], range };
  return { field: 'series' as const, type: 'nominal' as const, scale, legend: null };
}

/** Colours of series by their number in the whole figure, so that panels agree. */
export function colour(series: readonly number[]) {
  const range = series.map((s) => seriesTone(s).light);
  return bySeries(series, range);
}

/** Marks of series, so that colour is not alone in telling them apart. */
export function shape(series: readonly number[]) {
  const range = series.map((s) => SHAPES[s % SHAPES.length] ?? 'circle');
  return bySeries(series, range);
}

/** Dashes of series, for lines. */
export function dash(series: readonly number[]) {
  const range = series.map((s) => [...(DASHES[s % DASHES.length] ?? [1, 0])]);
  return bySeries(series, range);
}

/** A line of text at a place of the panel, in pixels from the plot's top left corner. */
export function textLayer(
  text: string,
  place: { readonly x: number; readonly y: number },
  style: { readonly strong: boolean },
): Layer {
  return {
    data: { values: [{ text }] },
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'alphabetic',
      fontSize: style.strong ? 12 : 11,
      fontWeight: style.strong ? 600 : 400,
      color: style.strong ? TONES.ink.light : TONES.quiet.light,
    },
    encoding: {
      x: { value: place.x },
      y: { value: place.y },
      text: { field: 'text', type: 'nominal' },
    },
  };
}

/** The line of no difference. */
export function zeroLayer(along: 'x' | 'y'): Layer {
  const zero = { datum: 0, type: 'quantitative' } as const;
  return {
    data: { values: [{}] },
    mark: { type: 'rule', color: TONES.strong.light, strokeWidth: 1 },
    encoding: along === 'x' ? { x: zero } : { y: zero },
  };
}
