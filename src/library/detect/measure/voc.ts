import {
  byImage,
  byScore,
  type ClassResults,
  type Detection,
  iou,
  meanOf,
  type Truth,
} from './results.js';
import { elevenRecalls, vocOverlaps } from './thresholds.js';

/** How PASCAL VOC makes one number of a class's precisions. */
export interface VocRule {
  /** Of VOC 2007, the mean of the precision at eleven recalls; since 2010 the area under the curve. */
  readonly of: 'eleven points' | 'area';
}

/** Recall and precision of a class after each detection, the highest score first. */
export interface Curve {
  /** Objects that count, which are not difficult. */
  readonly objects: number;
  readonly recall: readonly number[];
  readonly precision: readonly number[];
}

/** Averages over the classes that have objects, as shares of 1; null where none has. */
export interface VocMetrics {
  /** The mean over overlaps of .50:.05:.95. */
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  /** `ap50` of each class; null for one without objects that count. */
  readonly classes: readonly (number | null)[];
}

/**
 * What detectron2's `PascalVOCDetectionEvaluator` measures (pascal_voc_evaluation.py, @197db55): the average
 * precision of VOC, and its mean over .50:.05:.95 by the same rule. It writes detections with few decimals
 * first (`asWritten`).
 *
 * Boxes are half open here, so that widths are what VOC's code calls `xmax - xmin + 1`. A class without
 * objects has no average precision; detectron2 counts 0 for it.
 */
export function vocMetrics(classes: readonly ClassResults[], rule: VocRule): VocMetrics {
  const at = vocOverlaps.map((overlap) =>
    classes.map((results) =>
      averagePrecision(vocCurve(countOf(results), vocMatches(results, overlap)), rule),
    ),
  );
  const mean = (index: number): number | null => meanOf(at[index] ?? []);
  return {
    ap: meanOf(at.map(meanOf)),
    ap50: mean(0),
    ap75: mean(5),
    classes: at[0] ?? [],
  };
}

/** A detection, and what became of it. */
export interface Match {
  readonly detection: Detection;
  /** The object of its class and image that it overlaps with most, the first of several. */
  readonly nearest: { readonly truth: Truth; readonly overlap: number } | undefined;
  /** `again`: of an object that one with a higher score has found; `ignored`: of a difficult one. */
  readonly verdict: 'right' | 'wrong' | 'again' | 'ignored';
}

/**
 * The detections of a class, the highest score first. One is right where it overlaps with an object by more
 * than `overlap` (intersection over union) and is the first to do so; it goes to the object that it overlaps
 * with most, taken or not. One that goes to a difficult object does not count.
 */
export function vocMatches(
  { truths, detections }: ClassResults,
  overlap: number,
): readonly Match[] {
  const inImage = byImage(truths);
  const found = new Set<Truth>();
  return byScore(detections).map((detection) => {
    const nearest = nearestOf(detection, inImage.get(detection.image) ?? []);
    if (nearest === undefined || !(nearest.overlap > overlap)) {
      return { detection, nearest, verdict: 'wrong' };
    }
    const { truth } = nearest;
    if (truth.difficult) return { detection, nearest, verdict: 'ignored' };
    const verdict = found.has(truth) ? 'again' : 'right';
    found.add(truth);
    return { detection, nearest, verdict };
  });
}

/** The curve of a class, of which the detections are matched to objects. */
export function vocCurve(objects: number, matches: readonly Match[]): Curve {
  const recall: number[] = [];
  const precision: number[] = [];
  let [right, wrong] = [0, 0];
  for (const { verdict } of matches) {
    if (verdict === 'right') right++;
    else if (verdict !== 'ignored') wrong++;
    recall.push(right / objects);
    precision.push(right / Math.max(right + wrong, Number.EPSILON));
  }
  return { objects, recall, precision };
}

/** Objects that count. */
export const countOf = ({ truths }: ClassResults): number =>
  truths.filter(({ difficult }) => !difficult).length;

/** The object that a detection overlaps with most, the first of several. */
function nearestOf({ box }: Detection, truths: readonly Truth[]): Match['nearest'] {
  let nearest: Match['nearest'];
  for (const truth of truths) {
    const overlap = iou(box, truth.box);
    if (nearest === undefined || overlap > nearest.overlap) nearest = { truth, overlap };
  }
  return nearest;
}

/** The average precision of a curve; null of a class without objects that count. */
export function averagePrecision(
  { objects, recall, precision }: Curve,
  { of }: VocRule,
): number | null {
  if (objects === 0) return null;
  const best = bestFrom(precision);
  if (of === 'eleven points') {
    const points = elevenRecalls.map((least) => best[recall.findIndex((r) => r >= least)] ?? 0);
    return points.reduce((sum, point) => sum + point, 0) / points.length;
  }
  return best.reduce(
    (area, height, at) => area + ((recall[at] ?? 0) - (recall[at - 1] ?? 0)) * height,
    0,
  );
}

/** At each recall the best precision there or at a higher one. */
export function bestFrom(precision: readonly number[]): readonly number[] {
  const best = [...precision];
  for (let at = best.length - 2; at >= 0; at--) {
    best[at] = Math.max(best[at] ?? 0, best[at + 1] ?? 0);
  }
  return best;
}

/**
 * A detection as detectron2 writes it before it measures: the score with three decimals, the box, from 1
 * on, with one. To compare with its numbers to all digits.
 */
export function asWritten({ image, box, score }: Detection): Detection {
  const [left, top, right, bottom] = box;
  const from = (value: number): number => written(value + 1, 1) - 1;
  return {
    image,
    box: [from(left), from(top), written(right, 1), written(bottom, 1)],
    score: written(score, 3),
  };
}

/** As C and Python write a number with some decimals: what lies half between goes to the even one. */
function written(value: number, decimals: number): number {
  const halves = value * 2 ** (decimals + 1);
  const isTie = Number.isInteger(halves) && Math.abs(halves % 2) === 1;
  if (!isTie) return Number(value.toFixed(decimals));
  const below = Math.floor(value * 10 ** decimals);
  return (below % 2 === 0 ? below : below + 1) / 10 ** decimals;
}
