import { type Corruption, cut } from './corruption.js';
import { plasma } from './plasma.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/*
 * Of the family of weather of ImageNet-C what needs no photographs: hendrycks/robustness@8190fe3
 * make_{cifar,tinyimagenet,imagenet}_c.py.
 */

/** How much fog there is, and how fast its clouds become finer. */
const fogs: SeveritiesBySize<readonly [amount: number, decay: number]> = {
  small: [
    [0.2, 3],
    [0.5, 3],
    [0.75, 2.5],
    [1, 2],
    [1.5, 1.75],
  ],
  middle: [
    [0.4, 3],
    [0.7, 3],
    [1, 2.5],
    [1.5, 2],
    [2, 1.75],
  ],
  large: [
    [1.5, 2],
    [2, 2],
    [2.5, 1.7],
    [2.5, 1.5],
    [3, 1.4],
  ],
};

export const fog: Corruption = ({ pixels, size, strength, rng }) => {
  const [amount, decay] = severityAt(fogs, size, strength);
  const most = pixels.reduce((a, b) => Math.max(a, b), 0);
  const clouds = plasma(size, decay, rng);
  return pixels.map((value, index) => {
    const foggy = value + amount * (clouds[Math.floor(index / 3)] ?? 0);
    return cut((foggy * most) / (most + amount));
  });
};

const brighter: SeveritiesBySize = {
  small: [0.05, 0.1, 0.15, 0.2, 0.3],
  middle: [0.1, 0.2, 0.3, 0.4, 0.5],
  large: [0.1, 0.2, 0.3, 0.4, 0.5],
};

/** More of V of HSV: hue and saturation stay, so that all channels grow by one factor. */
export const brightness: Corruption = ({ pixels, size, strength }) => {
  const more = severityAt(brighter, size, strength);
  return pixels.map((channel, index) => {
    const start = index - (index % 3);
    const value = Math.max(...pixels.subarray(start, start + 3));
    const bright = cut(value + more);
    return value === 0 ? bright : (channel * bright) / value;
  });
};
