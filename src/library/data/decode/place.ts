import { unreachable } from '../../../base/errors.js';
import type { DecodeOptions } from './decoded.js';

/** Where an axis of the image comes to lie in the square. */
export interface Placed {
  /** Length of the whole image after resizing, in pixels of the square. */
  readonly length: number;
  /** Where it begins; negative where the square shows a part from its middle. */
  readonly start: number;
}

/** Both axes of an image in the square. */
export interface Placement {
  readonly x: Placed;
  readonly y: Placed;
}

/** Where an image of that size comes to lie: lengths and rounding are torchvision's and Pillow's. */
export function place(
  width: number,
  height: number,
  { size, fit }: Pick<DecodeOptions, 'size' | 'fit'>,
): Placement {
  const whole = { length: size, start: 0 };
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  switch (fit) {
    case 'stretch':
      return { x: whole, y: whole };
    case 'cover': {
      const length = Math.floor((size * long) / short);
      const cut = { length, start: -roundHalfToEven((length - size) / 2) };
      return width > height ? { x: cut, y: whole } : { x: whole, y: cut };
    }
    case 'inside': {
      const scale = Math.min(1, size / long);
      const at = (length: number): Placed => ({
        length: Math.max(1, roundHalfToEven(scale * length)),
        start: 0,
      });
      return { x: at(width), y: at(height) };
    }
    case 'contain': {
      const length = Math.max(1, roundHalfToEven((short / long) * size));
      const beside = { length, start: roundHalfToEven((size - length) * 0.5) };
      return width > height ? { x: whole, y: beside } : { x: beside, y: whole };
    }
    default:
      return unreachable(fit);
  }
}

/** Part of the pixels along an axis. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/**
 * The pixels along an axis of `pixels` that the square shows a part of, and some more: where a decoder
 * begins or ends, it makes up the colours of the next pixel.
 */
export function shown({ length, start }: Placed, size: number, pixels: number): Span {
  const each = pixels / length;
  const reach = Math.max(1, each) + 4;
  const from = Math.max(0, Math.floor(-start * each - reach));
  const to = Math.min(pixels, Math.ceil((size - start) * each + reach));
  return { start: from, length: to - from };
}

/** As Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
