import type { Box } from '../../artifact/boxes.js';
import {
  areaOf,
  byImage,
  byScore,
  type ClassResults,
  type Detection,
  meanOf,
  shared,
  type Truth,
} from './results.js';
import { cocoOverlaps, recalls } from './thresholds.js';

/** Averages over the classes that have objects of the kind, as shares of 1; null where none has. */
export interface CocoMetrics {
  /** The mean over overlaps of .50:.05:.95, of the best 100 detections of each image and class. */
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  /** Of objects below 32 x 32 pixels, up to 96 x 96, and above. */
  readonly apSmall: number | null;
  readonly apMedium: number | null;
  readonly apLarge: number | null;
  /** The share of the objects that is found, the mean over overlaps, of the best 1, 10 and 100 detections. */
  readonly ar1: number | null;
  readonly ar10: number | null;
  readonly ar100: number | null;
  readonly arSmall: number | null;
  readonly arMedium: number | null;
  readonly arLarge: number | null;
}

/** Areas in pixels, the ends included, as in COCO's code. */
type Areas = readonly [least: number, most: number];
const largest = 1e5 ** 2;
const areas = {
  all: [0, largest],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, largest],
} as const satisfies Record<string, Areas>;

/** Detections of an image and a class that are looked at. */
const most = 100;

/** What pycocotools' `COCOeval` measures of boxes (cocoeval.py 2.0); difficult objects are ignored there, as crowds are. */
export function cocoMetrics(classes: readonly ClassResults[]): CocoMetrics {
  const matched = (range: Areas) => classes.map((results) => matchClass(results, range));
  const all = matched(areas.all);
  const [small, medium, large] = [
    matched(areas.small),
    matched(areas.medium),
    matched(areas.large),
  ];
  return {
    ap: precisionOf(all),
    ap50: precisionOf(all, [0]),
    ap75: precisionOf(all, [5]),
    apSmall: precisionOf(small),
    apMedium: precisionOf(medium),
    apLarge: precisionOf(large),
    ar1: recallOf(all, 1),
    ar10: recallOf(all, 10),
    ar100: recallOf(all, most),
    arSmall: recallOf(small, most),
    arMedium: recallOf(medium, most),
    arLarge: recallOf(large, most),
  };
}

/** What became of a detection at each overlap. */
interface Judged {
  readonly score: number;
  /** Its place among those of its image and class, the highest score first. */
  readonly rank: number;
  readonly verdicts: readonly ('right' | 'wrong' | 'ignored')[];
}

/** The objects of a class that count, and its detections, the highest score first. */
interface Matched {
  readonly objects: number;
  readonly detections: readonly Judged[];
}

function matchClass({ truths, detections }: ClassResults, range: Areas): Matched {
  const [truthsIn, detectionsIn] = [byImage(truths), byImage(detections)];
  const images = [...new Set([...truthsIn.keys(), ...detectionsIn.keys()])].sort((a, b) => a - b);
  const judged = images.flatMap((image) =>
    judge(truthsIn.get(image) ?? [], detectionsIn.get(image) ?? [], range),
  );
  const objects = truths.filter((truth) => !isIgnored(truth, range)).length;
  return { objects, detections: byScore(judged) };
}

const sizeOf = ({ area, box }: Truth): number => area ?? areaOf(box);

const isOutside = (area: number, [least, most]: Areas): boolean => area < least || area > most;

const isIgnored = (truth: Truth, range: Areas): boolean =>
  truth.crowd === true || truth.difficult === true || isOutside(sizeOf(truth), range);

/** The best detections of an image, each against the objects there: those that are ignored come last. */
function judge(
  truths: readonly Truth[],
  detections: readonly Detection[],
  range: Areas,
): readonly Judged[] {
  const counted = truths.filter((truth) => !isIgnored(truth, range));
  const objects = [...counted, ...truths.filter((truth) => isIgnored(truth, range))];
  const best = byScore(detections).slice(0, most);
  const overlap = best.map(({ box }) => objects.map((object) => overlapOf(box, object)));
  const verdicts = cocoOverlaps.map((least) => {
    const taken = new Set<number>();
    return best.map(({ box }, at) => {
      const match = matchOf(overlap[at] ?? [], least, objects, counted.length, taken);
      if (match === undefined) return isOutside(areaOf(box), range) ? 'ignored' : 'wrong';
      taken.add(match);
      return match < counted.length ? 'right' : 'ignored';
    });
  });
  return best.map(({ score }, rank) => ({
    score,
    rank,
    verdicts: verdicts.map((of) => of[rank] ?? 'wrong'),
  }));
}

/** The share of the union that is common; of a crowd, the share of the detection that is in it. */
function overlapOf(box: Box, { box: object, crowd }: Truth): number {
  const both = shared(box, object);
  if (both === 0) return 0;
  const area = areaOf(box);
  return both / (crowd ? area : area + areaOf(object) - both);
}

/** The free object that a detection overlaps with most, the last of several; one that is ignored where there is no other. */
function matchOf(
  overlap: readonly number[],
  least: number,
  objects: readonly Truth[],
  counted: number,
  taken: ReadonlySet<number>,
): number | undefined {
  let best = Math.min(least, 1 - 1e-10);
  let match: number | undefined;
  for (const [at, object] of objects.entries()) {
    if (taken.has(at) && !object.crowd) continue;
    if (match !== undefined && match < counted && at >= counted) break;
    const value = overlap[at] ?? 0;
    if (value < best) continue;
    best = value;
    match = at;
  }
  return match;
}

/** The mean precision over classes, overlaps (all, or those at `of`) and recalls. */
function precisionOf(classes: readonly Matched[], of = [...cocoOverlaps.keys()]): number | null {
  return meanOf(classes.flatMap((matched) => of.map((at) => precisionAt(matched, at))));
}

function precisionAt({ objects, detections }: Matched, overlap: number): number | null {
  if (objects === 0) return null;
  let [right, wrong] = [0, 0];
  const recall: number[] = [];
  const precision: number[] = [];
  for (const { verdicts } of detections) {
    if (verdicts[overlap] === 'right') right++;
    if (verdicts[overlap] === 'wrong') wrong++;
    recall.push(right / objects);
    precision.push(right / (right + wrong + Number.EPSILON));
  }
  for (let at = precision.length - 2; at >= 0; at--) {
    precision[at] = Math.max(precision[at] ?? 0, precision[at + 1] ?? 0);
  }
  let place = 0;
  return meanOf(
    recalls.map((least) => {
      while (place < recall.length && (recall[place] ?? 0) < least) place++;
      return precision[place] ?? 0;
    }),
  );
}

/** The mean over classes and overlaps of the objects that are found among the best `limit` detections of an image. */
function recallOf(classes: readonly Matched[], limit: number): number | null {
  return meanOf(
    classes.flatMap(({ objects, detections }) =>
      cocoOverlaps.map((_, at) => {
        if (objects === 0) return null;
        const kept = detections.filter(({ rank }) => rank < limit);
        return kept.filter(({ verdicts }) => verdicts[at] === 'right').length / objects;
      }),
    ),
  );
}
