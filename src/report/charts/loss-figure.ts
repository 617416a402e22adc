import type { TopLevelSpec } from 'vega-lite';
import { own } from '../../base/own.js';
import type { DisplayNames, Watched } from '../../execute/record.js';
import type { Run, Training } from '../history.js';
import { type Point, varyingAxes } from '../points.js';
import { shownAxis, shownPoint } from '../shown.js';
import { colour, dash, type Layer, textLayer } from './chart-layers.js';
import { drawPanel, type Figure, fitText, type Panel } from './charts.js';
import { TONES } from './palette.js';
import { colourAxis, thin } from './series.js';

const WIDTH = 340;
const LEFT = 52;
const RIGHT = 14;
const HEIGHT = 150;
const BOOKKEEPING = /^(epoch|step|seconds|images|time|progress|images_?per_?second)$/i;

/** What the vertical axis of a panel shows beside its curves. */
interface Scale {
  readonly domain: [number, number] | undefined;
  /** Values to hold the curves against, by what they are. */
  readonly against: Readonly<Record<string, number>>;
}

interface Line {
  readonly point: Point;
  readonly facet: string;
  /** Lines of one scale are held against each other. */
  readonly scale: string;
  readonly series: number;
  readonly rows: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Curves of one train stage: a figure for each quantity of its history, loss first, then the most telling.
 * Values to hold a quantity against are drawn across it. One line a point;
 * repetitions share a colour; axes that are not the colour's make panels.
 */
export async function lossFigures(
  training: Training,
  replicates: ReadonlySet<string>,
  names: DisplayNames,
  fileName: (text: string) => string,
): Promise<readonly Figure[]> {
  const found = training.runs.flatMap((run) => run.history.rows.flatMap((row) => Object.keys(row)));
  const quantities = [...new Set(found)].filter((name) => !BOOKKEEPING.test(name));
  const known = ['loss', ...training.runs.flatMap(({ signs }) => Object.keys(signs))];
  const ordered = new Set([...known.filter((name) => quantities.includes(name)), ...quantities]);
  const figures: Figure[] = [];
  for (const quantity of ordered) {
    const figure = await curves(training, quantity, replicates, names, fileName);
    if (figure) figures.push(figure);
  }
  return figures;
}

async function curves(
  training: Training,
  quantity: string,
  replicates: ReadonlySet<string>,
  names: DisplayNames,
  fileName: (text: string) => string,
): Promise<Figure | undefined> {
  const points = training.runs.map((run) => run.outcome.planned.point);
  const axes = varyingAxes(points).filter((axis) => !replicates.has(axis));
  const meanings = training.runs.map(({ signs }) => own(signs, quantity));
  // what measures different things in different methods, as losses do, is not held against each other
  const measured = new Set(meanings.flatMap((sign) => sign?.what ?? []));
  const differ = quantity === 'loss' || measured.size > 1;
  const objective = differ ? training.runs.map(methodOf) : [];
  const apart = axes.filter((axis) => tellsApart(axis, points, objective));
  const by = colourAxis(
    points,
    axes.filter((axis) => !apart.includes(axis)),
  );
  const labels = by === undefined ? [] : [...new Set(points.map((p) => p[by] ?? '–'))];
  const facetAxes = axes.filter((axis) => axis !== by);
  const lines: Line[] = training.runs.map(({ outcome, history }, run) => {
    const { point } = outcome.planned;
    const rows = history.rows.flatMap((row, i) => {
      const y = row[quantity];
      return y === undefined || !Number.isFinite(y) ? [] : [{ x: row.epoch ?? i + 1, y }];
    });
    const series = by === undefined ? 0 : labels.indexOf(point[by] ?? '–');
    const scale = objective[run] ?? '';
    return { point, facet: shownPoint(point, names, facetAxes), scale, series, rows };
  });
  const drawn = lines.filter((line) => line.rows.length > 0);
  if (drawn.length === 0) return undefined;
  const facets = [...new Set(drawn.map((line) => line.facet))];
  const meant = new Map(lines.map((line, run) => [line, meanings[run]]));
  const domains = new Map(
    [...new Set(drawn.map(({ scale }) => scale))].map((scale) => {
      const alike = drawn.filter((line) => line.scale === scale);
      const against = alike.flatMap((line) => Object.values(meant.get(line)?.lines ?? {}));
      return [scale, sharedDomain(alike, against)];
    }),
  );
  const panels: Panel[] = [];
  for (const facet of facets) {
    const inside = drawn.filter((line) => line.facet === facet);
    const domain = domains.get(inside[0]?.scale ?? '');
    const against = inAll(inside.map((line) => meant.get(line)?.lines ?? {}));
    panels.push(await curvePanel(training.stage, quantity, facet, inside, { domain, against }));
  }
  const colours = by === undefined ? '' : ` Colour: ${shownAxis(by, names)}.`;
  const repeated = varyingAxes(points).filter((axis) => replicates.has(axis));
  const alike =
    repeated.length === 0
      ? ''
      : ` Lines of one colour differ in ${repeated.map((axis) => shownAxis(axis, names)).join(', ')}.`;
  const scales =
    domains.size > 1
      ? ` ${quantity === 'loss' ? 'Losses' : 'Numbers'} of different methods have scales of their own.`
      : facets.length > 1 && ![...domains.values()][0]
        ? ' Each panel has its own scale.'
        : '';
  return {
    name: fileName(`${training.stage}-${quantity}`),
    title: `${training.stage}: ${quantity}`,
    caption: `${quantity} of ${training.stage} by epoch${meaningText(training.runs, meanings)}, one line for each point.${colours}${alike}${scales}`,
    legend: labels.map((label, series) => ({
      label: shownPoint({ [by ?? '']: label }, names),
      series,
    })),
    panels,
    data: {
      stage: training.stage,
      quantity,
      along: 'epoch',
      axes: varyingAxes(points),
      lines: drawn,
    },
  };
}

type Meaning = Watched['signs'][string];

/** ` (what it is)`, of each method where they differ; empty where nobody knows. */
function meaningText(runs: readonly Run[], meanings: readonly (Meaning | undefined)[]): string {
  const methods = new Map<string, Set<string>>();
  for (const [i, run] of runs.entries()) {
    const what = meanings[i]?.what;
    if (what === undefined) continue;
    const name = methodOf(run).split('.').at(-1) ?? '';
    methods.set(what, (methods.get(what) ?? new Set()).add(name));
  }
  const texts = [...methods].map(([what, names]) =>
    methods.size === 1 ? what : `${[...names].join(', ')}: ${what}`,
  );
  return texts.length === 0 ? '' : ` (${texts.join('; ')})`;
}

/** What stands in all records alike. */
function inAll(
  records: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const [first = {}, ...others] = records;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) =>
      others.every((other) => own(other, name) === value),
    ),
  );
}

/** The method that a training has; empty where it has none. */
function methodOf({ outcome: { planned } }: Run): string {
  const method: unknown = own(planned.params, 'method');
  if (method === null || typeof method !== 'object' || !('describe' in method)) return '';
  return String(method.describe);
}

/** Do labels of an axis stand for different methods? */
function tellsApart(axis: string, points: readonly Point[], methods: readonly string[]): boolean {
  const kinds = new Map<string, Set<string>>();
  for (const [i, method] of methods.entries()) {
    const label = points[i]?.[axis] ?? '';
    kinds.set(label, (kinds.get(label) ?? new Set()).add(method));
  }
  const said = [...kinds.values()].map((set) => [...set].sort().join());
  return new Set(said).size > 1;
}

async function curvePanel(
  stage: string,
  quantity: string,
  facet: string,
  lines: readonly Line[],
  { domain, against }: Scale,
): Promise<Panel> {
  const series = [...new Set(lines.map((line) => line.series))].sort((a, b) => a - b);
  const values = lines.flatMap((line, id) =>
    thin(line.rows).map(({ x, y }) => ({ x, y, id, series: line.series })),
  );
  const single = lines.every((line) => line.rows.length === 1);
  const title = fitText(facet === '' ? quantity : facet, WIDTH - 8);
  const spec: TopLevelSpec = {
    width: WIDTH - LEFT - RIGHT,
    height: HEIGHT,
    padding: { left: LEFT, right: RIGHT, top: 44, bottom: 40 },
    layer: [
      textLayer(title, { x: 2 - LEFT, y: -28 }, { strong: true }),
      textLayer(fitText(quantity, WIDTH / 2), { x: 2 - LEFT, y: -11 }, { strong: false }),
      ...againstLayers(against),
      {
        data: { values },
        mark: single
          ? { type: 'point', filled: true }
          : { type: 'line', strokeWidth: 1.4, opacity: 0.9 },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            scale: { zero: false, nice: false, ...(single ? { domain: around(values) } : {}) },
            axis: { title: 'epoch', tickCount: 5, tickMinStep: 1, format: '~r', grid: false },
          },
          y: {
            field: 'y',
            type: 'quantitative',
            scale: domain ? { domain, nice: true } : { zero: false, nice: true },
            axis: { title: null, tickCount: 4, domain: false, ticks: false },
          },
          detail: { field: 'id', type: 'nominal' },
          color: colour(series),
          ...(single ? {} : { strokeDash: dash(series) }),
        },
      },
    ],
  };
  const where = facet === '' ? '' : ` at ${facet}`;
  return drawPanel(spec, { width: WIDTH, height: HEIGHT + 84 }, `${quantity} of ${stage}${where}.`);
}

/** From before the first epoch to behind the last: one epoch alone has no width. */
const around = (values: readonly { readonly x: number }[]): [number, number] => {
  const at = values.map(({ x }) => x);
  return [Math.min(...at) - 1, Math.max(...at) + 1];
};

/** A dotted line at each value, with what it is. */
function againstLayers(against: Readonly<Record<string, number>>): Layer[] {
  return Object.entries(against).flatMap(([label, y]) => [
    {
      data: { values: [{ y }] },
      mark: { type: 'rule', color: TONES.quiet.light, strokeDash: [2, 3], strokeWidth: 1 },
      encoding: { y: { field: 'y', type: 'quantitative' } },
    },
    {
      data: { values: [{ y, label: fitText(label, WIDTH / 3) }] },
      mark: {
        type: 'text',
        align: 'right',
        baseline: 'bottom',
        dy: -2,
        fontSize: 10,
        color: TONES.quiet.light,
      },
      encoding: {
        x: { value: WIDTH - LEFT - RIGHT },
        y: { field: 'y', type: 'quantitative' },
        text: { field: 'label', type: 'nominal' },
      },
    },
  ]);
}

/** One scale for all panels, unless their ranges differ so much that some would be flat lines. */
function sharedDomain(
  lines: readonly Line[],
  against: readonly number[],
): [number, number] | undefined {
  const facets = [...new Set(lines.map((line) => line.facet))];
  const ranges = facets.map((facet) => {
    const ys = lines.filter((l) => l.facet === facet).flatMap((l) => l.rows.map((r) => r.y));
    return [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))] as const;
  });
  const low = Math.min(...ranges.map((r) => r[0]), ...against);
  const high = Math.max(...ranges.map((r) => r[1]), ...against);
  const narrowest = Math.min(...ranges.map((r) => r[1] - r[0]));
  return facets.length > 1 && narrowest > 0 && (high - low) / narrowest < 4
    ? [low, high]
    : undefined;
}
