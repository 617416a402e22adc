import { own } from '../../base/own.js';
import type { DisplayNames } from '../../execute/record.js';
import { type Drawing, FONT, fitText } from '../charts/charts.js';
import { figureFile } from '../charts/figure-file.js';
import { SERIES, seriesTone, TONES } from '../charts/palette.js';
import { csvText, escapeHtml } from '../escape.js';
import { numberText } from '../numbers/format-number.js';
import { shownLabel, shownPoint } from '../shown.js';
import type { EmbeddingMap, MapGroup, MapImages } from './map-files.js';

/** Maps of the same images, drawn. */
export interface MapFigure {
  /** File name without extension, and anchor. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly legend: readonly { readonly label: string; readonly series: number }[];
  readonly panels: readonly MapPanel[];
  /** The images in the order in which all panels draw them. */
  readonly order: readonly number[];
  readonly group: MapGroup;
}

export interface MapPanel extends Drawing {
  readonly label: string;
  /** `trustworthiness 0.95`, `neighbour overlap 41 %`. */
  readonly said: readonly string[];
}

/** A panel is so wide, no higher and at least half as high, with so much around the dots. */
const EXTENT = 2000;
const MARGIN = 60;
/** In pixels, in a file of its own. */
const WIDTH = 420;

/** Dots of a label are drawn in so many turns, so that the last label does not hide the others. */
const TURNS = 4;

/** What is said beneath a map, by the metrics of its stage. */
const SAID = [
  ['trustworthiness', 'Float'],
  ['neighbour_overlap', 'Fraction'],
  ['shared_neighbours', 'Fraction'],
] as const;

/** Maps in one frame: where one follows another, places can be compared. */
export function mapFigure(group: MapGroup, names: DisplayNames, name: string): MapFigure {
  const { stage, images, maps } = group;
  const dots = dotsOf(images);
  const frame = frameOf(maps);
  const panels = maps.map((map) => panelOf(map, group, dots, frame, names));
  const present = [...new Set(dots.map(({ label }) => label))].sort((a, b) => a - b);
  const many =
    present.length > SERIES.length
      ? ` ${present.length} labels share ${SERIES.length} colours.`
      : '';
  const kinds = maps.length > 1 ? ' Each panel is one encoder.' : '';
  const shared = panels.some(({ said }) => said.length === SAID.length)
    ? ' Shared neighbours: with the encoder whose map the others follow, which has 100 % of its own.'
    : '';
  return {
    name,
    title: `${stage}: map`,
    caption: `${imagesOf(group)} laid out by their features (UMAP). What is near is near; distances between groups and their sizes mean little. Colour: ${images.attribute}.${many}${kinds}${shared}`,
    legend: present.map((label, series) => ({
      label: shownLabel(images.attribute, images.values[label] ?? '–', names),
      series,
    })),
    panels,
    order: dots.flatMap(({ images: some }) => some),
    group,
  };
}

/** `1,000 of the 4,962 images of split train`; which split is known by what the stage says of its result. */
function imagesOf({ images, maps }: MapGroup): string {
  const facts = maps[0]?.outcome.record?.facts ?? {};
  const [split, whole] = [own(facts, 'split'), own(facts, 'images of the split')];
  const n = images.names.length.toLocaleString('en-US');
  if (split === undefined) return `${n} images`;
  const of = typeof whole === 'number' && whole > images.names.length;
  return `${n} ${of ? `of the ${whole.toLocaleString('en-US')} ` : ''}images of split ${split}`;
}

/** Labels that a legend has room for. */
const MAX_LEGEND = 24;
const LINE = 17;

/** As one SVG file: above each map whose it is, and its numbers. */
export function mapFile({ title, caption, legend, panels }: MapFigure): string {
  const line = (text: string, y: number, weight: number, fill: string) =>
    `<text x="0" y="${y}" font-family="${FONT}" font-size="12" font-weight="${weight}" fill="${fill}">${escapeHtml(fitText(text, WIDTH))}</text>`;
  const headed = panels.map(({ svg, width, height: below, label, said }) => {
    const above = LINE * (said.length + 1) + 6;
    const height = below + above;
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const head = [
      line(label, 14, 600, TONES.ink.light),
      ...said.map((text, i) => line(text, 14 + LINE * (i + 1), 400, TONES.quiet.light)),
    ];
    const map = svg.replace(/^<svg /, `<svg y="${above}" `);
    return {
      svg: `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${head.join('')}${map}</svg>`,
      width,
      height,
    };
  });
  const told = legend.length > MAX_LEGEND ? [] : legend;
  return figureFile({ title, caption, legend: told, panels: headed });
}

/** Every place: a line an image, two columns a map. */
export function mapCsv({ group: { images, maps }, panels }: MapFigure): string {
  const single = panels.length === 1;
  const head = panels.flatMap(({ label }) => (single ? ['x', 'y'] : [`${label} x`, `${label} y`]));
  const rows = images.names.map((name, i) => [
    name,
    images.values[images.labels[i] ?? -1],
    ...maps.flatMap(({ places }) => [places[2 * i], places[2 * i + 1]]),
  ]);
  return csvText([['image', images.attribute, ...head], ...rows]);
}

/** Images of one label that are drawn in one turn. */
interface Dots {
  readonly label: number;
  readonly series: number;
  readonly images: readonly number[];
}

function dotsOf({ labels }: MapImages): readonly Dots[] {
  const present = [...new Set(labels)].sort((a, b) => a - b);
  const byLabel = new Map<number, number[]>(present.map((label) => [label, []]));
  for (const [image, label] of labels.entries()) byLabel.get(label)?.push(image);
  return Array.from({ length: TURNS }, (_, turn) =>
    [...byLabel].map(([label, images], series) => ({
      label,
      series,
      images: images.filter((_image, i) => i % TURNS === turn),
    })),
  )
    .flat()
    .filter(({ images }) => images.length > 0);
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  readonly height: number;
}

/** Where all places of all maps fit into a panel, unstretched. */
function frameOf(maps: readonly EmbeddingMap[]): Frame {
  const ends = [0, 1].map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { places } of maps) {
      for (let at = axis; at < places.length; at += 2) {
        low = Math.min(low, places[at] ?? 0);
        high = Math.max(high, places[at] ?? 0);
      }
    }
    return { middle: (low + high) / 2, range: high - low };
  });
  const [x, y] = ends;
  const range = Math.max(x?.range ?? 0, y?.range ?? 0) || 1;
  const scale = (EXTENT - 2 * MARGIN) / range;
  const height = Math.max(EXTENT / 2, Math.ceil((y?.range ?? 0) * scale) + 2 * MARGIN);
  const middle = height / 2 - MARGIN;
  return {
    left: (x?.middle ?? 0) - range / 2,
    top: (y?.middle ?? 0) - middle / scale,
    scale,
    height,
  };
}

function panelOf(
  { outcome, point, places }: EmbeddingMap,
  { stage, images }: MapGroup,
  dots: readonly Dots[],
  { left, top, scale, height: extent }: Frame,
  names: DisplayNames,
): MapPanel {
  const metrics = outcome.record?.output.metrics ?? {};
  const said = SAID.flatMap(([metric, unit]) => {
    const value = own(metrics, metric);
    return typeof value === 'number'
      ? [`${metric.replaceAll('_', ' ')} ${numberText(value, unit)}`]
      : [];
  });
  const label = shownPoint(point, names) || stage;
  const at = (value: number | undefined, from: number) =>
    Math.round(MARGIN + ((value ?? 0) - from) * scale);
  const paths = dots.map(({ series, images: some }) => {
    const d = some.map((i) => `M${at(places[2 * i], left)} ${at(places[2 * i + 1], top)}h0`);
    return `<path data-label="${series}" stroke="${seriesTone(series).light}" d="${d.join('')}"/>`;
  });
  const width = dotWidth(images.names.length);
  const height = Math.round((WIDTH * extent) / EXTENT);
  const about = `Map of ${images.names.length} images by ${label}: ${said.join(', ')}`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${EXTENT} ${extent}" role="img" aria-label="${escapeHtml(about)}">`,
    `<g fill="none" stroke-width="${width}" stroke-linecap="round" stroke-opacity="0.8">`,
    ...paths,
    '</g></svg>',
  ].join('');
  return { svg, width: WIDTH, height, label, said };
}

/** Fewer dots are larger: from 32 of 2,000 to 12. */
const dotWidth = (n: number): number =>
  Math.round(Math.max(12, Math.min(32, 32 * (300 / n) ** 0.3)));
