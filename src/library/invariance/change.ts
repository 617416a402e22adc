import type { ChangedImage, Interval } from '../stage.js';

/** What a range says at a strength: its low end at 1, its high end at 5. */
export function atStrength({ low, high }: Interval, { strength }: ChangedImage): number {
  return low + ((high - low) * (strength - 1)) / 4;
}

/** New pixels (size, size, 3) from what is to be at each place: called with the index of a pixel and of a value. */
export function eachValue(
  { pixels }: Pick<ChangedImage, 'pixels'>,
  value: (pixel: number, index: number) => number,
): Float64Array {
  return Float64Array.from(pixels, (_, index) => value(Math.floor(index / 3), index));
}

/** A random direction as a unit vector. */
export function direction({ rng }: ChangedImage): { readonly x: number; readonly y: number } {
  const angle = 2 * Math.PI * rng.uniform();
  return { x: Math.cos(angle), y: Math.sin(angle) };
}

/** The place of a pixel from the middle of its image, from -1 to 1. */
export function fromMiddle(
  pixel: number,
  size: number,
): { readonly x: number; readonly y: number } {
  const middle = (size - 1) / 2;
  const half = Math.max(middle, 1);
  return { x: ((pixel % size) - middle) / half, y: (Math.floor(pixel / size) - middle) / half };
}

/**
 * An image seen through a linear map about its middle: `from` gives for a place of the result, in pixels
 * from the middle, the place that it shows. Bilinear; beyond the border is what stands at the border.
 */
export function resampled(
  { pixels, size }: ChangedImage,
  from: (x: number, y: number) => readonly [x: number, y: number],
): Float64Array {
  const middle = (size - 1) / 2;
  const made = new Float64Array(pixels.length);
  const clamped = (at: number): number => Math.min(size - 1, Math.max(0, at));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [dx, dy] = from(column - middle, row - middle);
      const [x, y] = [clamped(dx + middle), clamped(dy + middle)];
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, bottom] = [Math.min(left + 1, size - 1), Math.min(top + 1, size - 1)];
      const [u, v] = [x - left, y - top];
      for (let channel = 0; channel < 3; channel++) {
        const at = (r: number, c: number): number => pixels[(r * size + c) * 3 + channel] ?? 0;
        const above = at(top, left) * (1 - u) + at(top, right) * u;
        const below = at(bottom, left) * (1 - u) + at(bottom, right) * u;
        made[(row * size + column) * 3 + channel] = above * (1 - v) + below * v;
      }
    }
  }
  return made;
}
