import type { Rng } from '../../../tensor/rng.js';
import { type Corruption, cut } from './corruption.js';
import { plasma } from './plasma.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* Frost of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py. */

/** How much there is of the image, and of the frost. */
const frosts: SeveritiesBySize<readonly [image: number, frost: number]> = {
  small: [
    [1, 0.2],
    [1, 0.3],
    [0.9, 0.4],
    [0.85, 0.4],
    [0.75, 0.45],
  ],
  middle: [
    [1, 0.3],
    [0.9, 0.4],
    [0.8, 0.45],
    [0.75, 0.5],
    [0.7, 0.55],
  ],
  large: [
    [1, 0.4],
    [0.8, 0.6],
    [0.7, 0.7],
    [0.65, 0.7],
    [0.6, 0.75],
  ],
};

export const frost: Corruption = (image) => frosted(image, ice(image.size, image.rng));

/** The image under a layer of frost, both (size, size, 3) from 0 to 1. */
export function frosted(
  { pixels, size, strength }: Pick<Parameters<Corruption>[0], 'pixels' | 'size' | 'strength'>,
  layer: Float64Array,
): Float64Array {
  const [image, frost] = severityAt(frosts, size, strength);
  return pixels.map((value, index) => cut(image * value + frost * (layer[index] ?? 0)));
}

/** Mean and deviation of red, green and blue over the five photographs that the authors take. */
const photographs = { means: [145.9, 167.2, 178.9], deviation: 28.6 };

/**
 * Frost that is drawn, in the place of the photographs, which are not ours to hand on: ridges of clouds,
 * as crystals are, with grain; as bright and as rich in contrast as they are.
 */
export function ice(size: number, rng: Pick<Rng, 'uniform'>): Float64Array {
  const [wide, grain] = [plasma(size, 1.8, rng), plasma(size, 1.2, rng)];
  const ridges = wide.map((value, i) => 1 - Math.abs(2 * value - 1) + (grain[i] ?? 0));
  const mean = ridges.reduce((a, b) => a + b, 0) / ridges.length;
  const variance = ridges.reduce((a, b) => a + (b - mean) ** 2, 0) / ridges.length;
  const { means, deviation } = photographs;
  return Float64Array.from({ length: ridges.length * 3 }, (_, index) => {
    const away = ((ridges[Math.floor(index / 3)] ?? mean) - mean) / Math.sqrt(variance);
    return cut(((means[index % 3] ?? 0) + deviation * away) / 255);
  });
}
