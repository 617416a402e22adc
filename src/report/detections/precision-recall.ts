import type { TopLevelSpec } from 'vega-lite';
import type { DisplayNames, StageOutcome } from '../../execute/record.js';
import { colour, dash, textLayer } from '../charts/chart-layers.js';
import { drawPanel, type Figure, fitText, type Panel } from '../charts/charts.js';
import { colourAxis, thin } from '../charts/series.js';
import { numberText } from '../numbers/format-number.js';
import { byStage, type Point, varyingAxes } from '../points.js';
import { shownAxis, shownPoint } from '../shown.js';
import { type Notes, type OpenFile, readStageFile } from '../stage-file.js';
import { type ClassCurve, type Curve, curvesIn, type DetectionCurves } from './curves-file.js';

const WIDTH = 340;
const LEFT = 52;
const RIGHT = 14;
const HEIGHT = 170;
const TOP = 56;
const LINE = 14;

/** A detector at a point of its stage. */
interface Detector {
  readonly point: Point;
  readonly curves: DetectionCurves;
}

/** The curve of one detector in a panel. */
interface Line extends Curve {
  readonly point: Point;
  readonly series: number;
  readonly ap: number | null;
}

/**
 * Precision by recall of the detectors that stages trained: a figure for each stage, and for each label of the
 * axes that are not the colour's; in it a panel for the mean and one for each class, with the average
 * precision. One line a point; repetitions share a colour.
 */
export async function precisionRecallFigures(
  outcomes: readonly StageOutcome[],
  replicates: ReadonlySet<string>,
  names: DisplayNames,
  fileName: (text: string) => string,
  files: { readonly openFile: OpenFile; readonly notes: Notes },
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [stage, all] of byStage(outcomes)) {
    const detectors: Detector[] = [];
    for (const outcome of all) {
      const bytes = await readStageFile(outcome, 'curves.json', files.openFile, files.notes);
      if (!bytes) continue;
      const curves = curvesIn(bytes);
      if (curves) detectors.push({ point: outcome.planned.point, curves });
      else files.notes.add(`curves.json of ${outcome.planned.id} has no precision and recall`);
    }
    const axes = varyingAxes(detectors.map(({ point }) => point));
    const compared = axes.filter((axis) => !replicates.has(axis));
    const by = colourAxis(
      detectors.map(({ point }) => point),
      compared,
    );
    const facetOf = ({ point }: Detector): string =>
      shownPoint(
        point,
        names,
        compared.filter((axis) => axis !== by),
      );
    for (const facet of new Set(detectors.map(facetOf))) {
      const inside = detectors.filter((detector) => facetOf(detector) === facet);
      const repeated = axes.filter((axis) => replicates.has(axis));
      figures.push(await figureOf({ stage, facet, by, repeated }, inside, names, fileName));
    }
  }
  return figures;
}

interface Shown {
  readonly stage: string;
  readonly facet: string;
  /** The colour's axis. */
  readonly by: string | undefined;
  /** Axes of repetitions. */
  readonly repeated: readonly string[];
}

async function figureOf(
  { stage, facet, by, repeated }: Shown,
  detectors: readonly Detector[],
  names: DisplayNames,
  fileName: (text: string) => string,
): Promise<Figure> {
  const labels =
    by === undefined ? [] : [...new Set(detectors.map(({ point }) => point[by] ?? '–'))];
  const seriesOf = (point: Point): number =>
    by === undefined ? 0 : labels.indexOf(point[by] ?? '–');
  const labelOf = (series: number): string =>
    by === undefined ? '' : shownPoint({ [by]: labels[series] ?? '' }, names);
  const classes = [
    ...new Set(detectors.flatMap(({ curves }) => curves.classes.map((of) => of.class))),
  ];
  const mean = detectors.map(({ point, curves }) => ({
    point,
    series: seriesOf(point),
    ap: curves.ap,
    ...curves.mean,
  }));
  const first = detectors[0]?.curves;
  const counted = first?.classes.filter(({ objects }) => objects > 0) ?? [];
  const where = facet === '' ? '' : ` at ${facet}`;
  const panels: Panel[] = [
    await panel(`Mean of ${counted.length} classes`, countsText(counted), mean, labelOf),
  ];
  const drawn: (Line & { readonly class: string })[] = [];
  for (const name of classes) {
    const lines = detectors.flatMap(({ point, curves }) =>
      curves.classes.flatMap((of) =>
        of.class === name ? [{ ...of, point, series: seriesOf(point) }] : [],
      ),
    );
    drawn.push(...lines);
    panels.push(await panel(name, countsText(lines.slice(0, 1)), lines, labelOf));
  }
  const colours = by === undefined ? '' : ` Colour: ${shownAxis(by, names)}.`;
  const alike =
    repeated.length === 0
      ? ''
      : ` Lines of one colour differ in ${repeated.map((axis) => shownAxis(axis, names)).join(', ')}.`;
  const axes = varyingAxes(detectors.map(({ point }) => point));
  return {
    name: fileName(`${stage}-precision-recall${facet === '' ? '' : ` ${facet}`}`),
    title: `${stage}: precision by recall${where}`,
    caption: `Precision by recall of ${stage}${where}; right is what overlaps with an object of its class by more than ${first?.overlap ?? 0} (intersection over union). ${(first?.images ?? 0).toLocaleString('en-US')} images; AP is the average precision by ${first?.rule ?? ''}.${colours}${alike}`,
    legend: labels.map((_, series) => ({ label: labelOf(series), series })),
    panels,
    data: {
      stage,
      quantity: 'precision',
      along: 'recall',
      axes: [...axes, 'class'],
      lines: drawn.map(({ point, class: name, recall, precision }) => ({
        point: { ...point, class: name },
        rows: recall.map((x, at) => ({ x, y: precision[at] ?? 0 })),
      })),
    },
  };
}

/** `120 objects and 3 difficult ones`. */
function countsText(classes: readonly ClassCurve[]): string {
  const objects = classes.reduce((sum, of) => sum + of.objects, 0);
  const difficult = classes.reduce((sum, of) => sum + of.difficult, 0);
  const counted = (count: number) => count.toLocaleString('en-US');
  const all = `${counted(objects)} ${objects === 1 ? 'object' : 'objects'}`;
  return difficult === 0 ? all : `${all} that count, ${counted(difficult)} difficult`;
}

async function panel(
  title: string,
  counts: string,
  lines: readonly Line[],
  labelOf: (series: number) => string,
): Promise<Panel> {
  const series = [...new Set(lines.map((line) => line.series))].sort((a, b) => a - b);
  const told = series.map((number) => apText(lines, number, labelOf));
  const top = TOP + told.length * LINE;
  const values = lines.flatMap(({ recall, precision, series: number }, id) =>
    thin([...recall.keys()]).flatMap((at, place) => {
      const row = { x: recall[at] ?? 0, y: precision[at] ?? 0, id, series: number };
      // The first box that is right: until there the precision is its own.
      return place === 0 ? [{ ...row, x: 0 }, row] : [row];
    }),
  );
  const text = (line: string, y: number, strong: boolean) =>
    textLayer(fitText(line, WIDTH - 8), { x: 2 - LEFT, y: y - top }, { strong });
  const domain: [number, number] = [0, 1];
  const share = { scale: { domain }, type: 'quantitative' } as const;
  const axis = { tickCount: 5, grid: false } as const;
  const spec: TopLevelSpec = {
    width: WIDTH - LEFT - RIGHT,
    height: HEIGHT,
    padding: { left: LEFT, right: RIGHT, top, bottom: 40 },
    layer: [
      text(title, 16, true),
      text(counts, 16 + LINE, false),
      ...told.map((line, at) => text(line, 16 + (at + 2) * LINE, false)),
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 1.4, opacity: 0.9 },
        encoding: {
          x: { field: 'x', ...share, axis: { ...axis, title: 'recall' } },
          y: { field: 'y', ...share, axis: { ...axis, title: 'precision' } },
          order: { field: 'x', type: 'quantitative' },
          detail: { field: 'id', type: 'nominal' },
          color: colour(series),
          strokeDash: dash(series),
        },
      },
    ],
  };
  const size = { width: WIDTH, height: HEIGHT + top + 40 };
  return drawPanel(spec, size, `Precision by recall, ${title}: ${counts}; ${told.join('; ')}.`);
}

/** `random: AP 63.2 %, mean of 3`. */
function apText(
  lines: readonly Line[],
  series: number,
  labelOf: (series: number) => string,
): string {
  const found = lines.flatMap((line) =>
    line.series === series && line.ap !== null ? [line.ap] : [],
  );
  const label = labelOf(series);
  const of = label === '' ? '' : `${label}: `;
  if (found.length === 0) return `${of}no AP without objects that count`;
  const mean = found.reduce((sum, ap) => sum + ap, 0) / found.length;
  const repeated = found.length > 1 ? `, mean of ${found.length}` : '';
  return `${of}AP ${numberText(mean, 'Fraction')}${repeated}`;
}
