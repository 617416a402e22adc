import { isRecord } from '../../base/own.js';
import { readJson } from '../../base/read-json.js';

/** Precision and recall at each place of a curve. */
export interface Curve {
  readonly recall: readonly number[];
  readonly precision: readonly number[];
}

export interface ClassCurve extends Curve {
  readonly class: string;
  /** Objects that count, and those that do not. */
  readonly objects: number;
  readonly difficult: number;
  /** The average precision; null of a class without objects that count. */
  readonly ap: number | null;
}

/** How well a detector finds objects: what `curves.json` holds. */
export interface DetectionCurves {
  readonly overlap: number;
  /** How an average precision is taken: `eleven points`, `area`. */
  readonly rule: string;
  readonly images: number;
  readonly ap: number | null;
  readonly mean: Curve;
  readonly classes: readonly ClassCurve[];
}

/** Curves from their text; undefined if it is something else. */
export function curvesIn(bytes: Buffer): DetectionCurves | undefined {
  const read = readJson(bytes, { repeated: true });
  if ('fault' in read || !isRecord(read.value)) return undefined;
  const { format, version, overlap, rule, images, ap, mean, classes } = read.value;
  if (format !== 'ssp-precision-recall' || version !== 1) return undefined;
  if (typeof overlap !== 'number' || typeof rule !== 'string' || typeof images !== 'number') {
    return undefined;
  }
  if (!isShare(ap) || !isCurve(mean)) return undefined;
  if (!Array.isArray(classes) || !classes.every(isClassCurve)) return undefined;
  return { overlap, rule, images, ap, mean, classes };
}

const isClassCurve = (value: unknown): value is ClassCurve =>
  isRecord(value) &&
  typeof value.class === 'string' &&
  typeof value.objects === 'number' &&
  typeof value.difficult === 'number' &&
  isShare(value.ap) &&
  isCurve(value);

const isShare = (value: unknown): value is number | null =>
  value === null || typeof value === 'number';

const isCurve = (value: unknown): value is Curve =>
  isRecord(value) &&
  isNumbers(value.recall) &&
  isNumbers(value.precision) &&
  value.recall.length === value.precision.length;

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');
