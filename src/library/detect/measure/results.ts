import type { Box } from '../../artifact/boxes.js';

/** An object of a class. */
export interface Truth {
  /** The number of its image. */
  readonly image: number;
  readonly box: Box;
  /** Counts neither for nor against a detector. */
  readonly difficult?: boolean;
  /** A crowd, as COCO has them: any number of detections inside of it count neither for nor against. */
  readonly crowd?: boolean;
  /** In pixels, where it is not that of the box: COCO's is of the object's outline. */
  readonly area?: number;
}

/** What a detector found, of a class. */
export interface Detection {
  readonly image: number;
  readonly box: Box;
  readonly score: number;
}

/** The objects of a class in all images, and what was found. */
export interface ClassResults {
  readonly truths: readonly Truth[];
  readonly detections: readonly Detection[];
}

export const areaOf = ([left, top, right, bottom]: Box): number => (right - left) * (bottom - top);

/** The area that two boxes share. */
export function shared(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union. */
export function iou(a: Box, b: Box): number {
  const both = shared(a, b);
  return both / (areaOf(a) + areaOf(b) - both);
}

/** Highest scores first; equal ones stay in their order. */
export const byScore = <T extends { readonly score: number }>(detections: readonly T[]): T[] =>
  detections.toSorted((a, b) => b.score - a.score);

/** By image. */
export function byImage<T extends { readonly image: number }>(
  all: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  const images = new Map<number, T[]>();
  for (const one of all) {
    const alike = images.get(one.image);
    if (alike) alike.push(one);
    else images.set(one.image, [one]);
  }
  return images;
}

/** The mean of what there is; null of nothing. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  if (there.length === 0) return null;
  return there.reduce((sum, value) => sum + value, 0) / there.length;
}
