import { Error as ErrorLevel, parse, View } from 'vega';
import type { Config, TopLevelSpec } from 'vega-lite';
import { compile } from 'vega-lite';
import { escapeHtml } from '../escape.js';
import type { Point } from '../points.js';
import { TONES } from './palette.js';

/** An SVG drawn in the light colours of the palette. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** One panel of a figure. */
export interface Panel extends Drawing {
  /** What it was drawn from. */
  readonly spec: TopLevelSpec;
}

/** The numbers that curves are drawn from, all of them. */
export interface CurveData {
  readonly stage: string;
  readonly quantity: string;
  /** What `x` is: `epoch`. */
  readonly along: string;
  /** Axes over which the runs differ, sorted. */
  readonly axes: readonly string[];
  readonly lines: readonly {
    readonly point: Point;
    readonly rows: readonly { readonly x: number; readonly y: number }[];
  }[];
}

/** Panels that belong together, and what their colours mean. */
export interface Figure {
  /** File name without extension. */
  readonly name: string;
  readonly title: string;
  /** What is drawn, one sentence; the text alternative too. */
  readonly caption: string;
  readonly legend: readonly { readonly label: string; readonly series: number }[];
  readonly panels: readonly Panel[];
  /** Of curves. */
  readonly data?: CurveData;
}

export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';
const FONT_SIZE = 12;

const CONFIG: Config = {
  font: FONT,
  background: 'transparent',
  aria: false,
  view: { stroke: null },
  axis: {
    labelColor: TONES.quiet.light,
    labelFontSize: 11,
    titleColor: TONES.quiet.light,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    domainColor: TONES.strong.light,
    tickColor: TONES.strong.light,
    gridColor: TONES.rule.light,
    tickSize: 4,
    labelFlush: false,
  },
};

/**
 * Draws a Vega-Lite specification as SVG text. The same specification gives the same text: no clock,
 * no chance, no fonts of the machine. Data are inline, so nothing is loaded.
 */
export async function drawPanel(
  spec: TopLevelSpec,
  size: { readonly width: number; readonly height: number },
  alternative: string,
): Promise<Panel> {
  const compiled = compile(
    { ...spec, autosize: { type: 'none' } },
    { config: CONFIG, logger: SILENT },
  );
  const view = new View(parse(compiled.spec), { renderer: 'none', logLevel: ErrorLevel });
  try {
    const drawn = await view.toSVG();
    const label = escapeHtml(alternative);
    const root = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">`;
    return { svg: drawn.replace(/^<svg[^>]*>/, root), ...size, spec };
  } finally {
    view.finalize();
  }
}

/** A figure for Vega-Lite: its panels beside each other, three in a row, with the numbers in it. */
export function vegaLite({ title, caption, panels }: Figure): string {
  const concat = panels.map(({ spec }) => {
    // a panel among others has no frame of its own
    const { padding, ...panel } = spec;
    return panel;
  });
  const $schema = 'https://vega.github.io/schema/vega-lite/v6.json';
  const about = { $schema, title, description: caption, config: CONFIG };
  const apart = 'independent';
  const resolve = { scale: { color: apart, shape: apart, strokeDash: apart, yOffset: apart } };
  const whole = { ...about, columns: 3, spacing: 40, resolve, concat };
  return `${JSON.stringify(whole, null, 1)}\n`;
}

const SILENT = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
};

/** About how wide a text is in the sans-serif fonts that figures use, in pixels; a little too wide rather than too narrow. */
export function textWidth(text: string, size = FONT_SIZE): number {
  let units = 0;
  for (const character of text) {
    if (/[ilj.,:;'|!()[\]]/.test(character)) units += 0.36;
    else if (/[mwMW@%]/.test(character)) units += 0.95;
    else if (/[A-Z]/.test(character)) units += 0.72;
    else units += (character.codePointAt(0) ?? 0) > 0x2e80 ? 1.05 : 0.6;
  }
  return units * size;
}

/**
 * The text, or its beginning and end around an ellipsis, as much as fits in so many pixels: labels often
 * differ at the end only (`simclr(temperature: 10%)`).
 */
export function fitText(text: string, width: number, size = FONT_SIZE): string {
  if (textWidth(text, size) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const head = characters
      .slice(0, Math.floor(kept * 0.45))
      .join('')
      .trimEnd();
    const tail = characters
      .slice(characters.length - Math.ceil(kept * 0.55))
      .join('')
      .trimStart();
    if (textWidth(`${head}…${tail}`, size) <= width) return `${head}…${tail}`;
  }
  return '…';
}
