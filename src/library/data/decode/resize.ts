import { invariant } from '../../../base/errors.js';
import type { DecodeOptions } from './decoded.js';
import type { Placed, Placement } from './place.js';
import type { RawImage } from './raw-image.js';
import { resample, type Taps } from './resample.js';

/** Pixels on their way into the square. */
export interface Resizing {
  readonly pixels: RawImage;
  /** Where `pixels` begin in those of the whole image. */
  readonly top: number;
  readonly left: number;
  /** Of the image that the pixels stand for: larger than they where the decoder has reduced it. */
  readonly width: number;
  readonly height: number;
  /** How many pixels of the image one of `pixels` stands for, on each side. */
  readonly reduction: number;
  /** Axes that run backwards (0 is down, 1 right): what a reduced pixel lacks is at their beginning. */
  readonly reversed: readonly number[];
  readonly placement: Placement;
}

/**
 * Resizes with Pillow's arithmetic for BILINEAR: by a triangle as wide as the reduction, first along rows,
 * then along columns. Returns RGB (size, size, 3).
 */
export function resize(
  resizing: Resizing,
  { size, background }: Pick<DecodeOptions, 'size' | 'background'>,
): Uint8Array {
  if (isInPlace(resizing, size)) return resizing.pixels.data;
  const { pixels, top, left, width, height, placement } = resizing;
  const x = inSquare(placement.x, size);
  const y = inSquare(placement.y, size);
  const across = tapsOf(1, resizing, { side: width, before: left, there: pixels.width }, x);
  const down = tapsOf(0, resizing, { side: height, before: top, there: pixels.height }, y);
  const resized = resample(pixels, across, down);
  if (x.count === size && y.count === size) return resized;
  const square = new Uint8Array(3 * size * size);
  for (let at = 0; at < square.length; at += 3) square.set(background, at);
  for (let row = 0; row < y.count; row++) {
    const line = resized.subarray(3 * row * x.count, 3 * (row + 1) * x.count);
    square.set(line, 3 * ((y.from + row) * size + x.from));
  }
  return square;
}

/** Whether the pixels are those of the square already: arithmetic would only copy them. */
function isInPlace({ pixels, placement: { x, y }, reduction }: Resizing, size: number): boolean {
  const same = (side: number, { length, start }: Placed) =>
    side === size && length === size && start === 0;
  return reduction === 1 && same(pixels.width, x) && same(pixels.height, y);
}

/** The part of an axis of the square that the image covers. */
interface Covered extends Placed {
  readonly from: number;
  readonly count: number;
}

function inSquare({ length, start }: Placed, size: number): Covered {
  const from = Math.max(0, start);
  return { length, start, from, count: Math.min(size, start + length) - from };
}

/** `precompute_coeffs` and `normalize_coeffs_8bpc` of Pillow's Resample.c. */
function tapsOf(
  axis: 0 | 1,
  { reduction, reversed }: Resizing,
  pixels: { readonly side: number; readonly before: number; readonly there: number },
  { length, start, from, count }: Covered,
): Taps {
  const { side, before, there } = pixels;
  const whole = Math.ceil(side / reduction);
  const scale = side / reduction / length;
  const lack = reversed.includes(axis) ? whole - side / reduction : 0;
  const support = Math.max(1, scale);
  const most = 2 * Math.ceil(support) + 1;
  const windows = new Int32Array(2 * count);
  const weights = new Int32Array(most * count);
  for (let output = 0; output < count; output++) {
    const centre = lack + (from - start + output + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(whole, Math.trunc(centre + support + 0.5));
    invariant(first >= before && end <= before + there, 'pixels are resized that were not decoded');
    windows[2 * output] = first - before;
    windows[2 * output + 1] = end - first;
    const height = (pixel: number) => Math.max(0, 1 - Math.abs(pixel - centre + 0.5) / support);
    let sum = 0;
    for (let pixel = first; pixel < end; pixel++) sum += height(pixel);
    for (let pixel = first; pixel < end; pixel++) {
      const weight = Math.trunc(0.5 + (height(pixel) / sum) * 2 ** 22);
      weights[most * output + pixel - first] = weight;
    }
  }
  return { windows, weights, most };
}
