import { type Corruption, cut } from './corruption.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* Of the family of blur of ImageNet-C what ImageMagick does there: hendrycks/robustness@8190fe3. */

/** Reach and deviation of a blur along a line; the line's direction in degrees. */
export interface Motion {
  readonly radius: number;
  readonly sigma: number;
  readonly angle: number;
}

/**
 * Values (size, size, channels) blurred along a line as ImageMagick's `MotionBlurImage` does it: to one side, with
 * half a Gaussian, at the nearest pixels; beyond the border is what stands there.
 */
export function alongLine(
  values: Float64Array,
  size: number,
  { radius, sigma, angle }: Motion,
): Float64Array {
  const channels = values.length / (size * size);
  const width = 2 * radius + 1;
  const halves = Array.from({ length: width }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = halves.reduce((a, b) => a + b, 0);
  const turn = (angle * Math.PI) / 180;
  const [y, x] = [width * Math.sin(turn), width * Math.cos(turn)];
  const far = Math.hypot(x, y);
  const made = new Float64Array(values.length);
  const clamped = (at: number): number => Math.min(size - 1, Math.max(0, at));
  halves.forEach((half, i) => {
    const down = Math.ceil((i * y) / far - 0.5);
    const right = Math.ceil((i * x) / far - 0.5);
    const weight = half / sum;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const from = (clamped(row + down) * size + clamped(column + right)) * channels;
        const to = (row * size + column) * channels;
        for (let channel = 0; channel < channels; channel++) {
          made[to + channel] = (made[to + channel] ?? 0) + weight * (values[from + channel] ?? 0);
        }
      }
    }
  });
  return made;
}

/** A value from 0 to 1 as 8 bits hold it. */
export const inBytes = (value: number): number => Math.round(cut(value) * 255) / 255;

/** Reach and deviation. */
const motions: SeveritiesBySize<readonly [radius: number, sigma: number]> = {
  small: [
    [6, 1],
    [6, 1.5],
    [6, 2],
    [8, 2],
    [9, 2.5],
  ],
  middle: [
    [10, 1],
    [10, 1.5],
    [10, 2],
    [10, 2.5],
    [12, 3],
  ],
  large: [
    [10, 3],
    [15, 5],
    [15, 8],
    [15, 12],
    [20, 15],
  ],
};

export const motionBlur: Corruption = ({ pixels, size, strength, rng }) => {
  const [radius, sigma] = severityAt(motions, size, strength);
  const angle = -45 + 90 * rng.uniform();
  return alongLine(pixels, size, { radius, sigma, angle }).map(inBytes);
};
