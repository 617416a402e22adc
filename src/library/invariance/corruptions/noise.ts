import { type Corruption, cut } from './corruption.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/*
 * The family of noise of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py.
 * Numbers are drawn for the values in their order.
 */

const gaussian: SeveritiesBySize = {
  small: [0.04, 0.06, 0.08, 0.09, 0.1],
  middle: [0.04, 0.08, 0.12, 0.15, 0.18],
  large: [0.08, 0.12, 0.18, 0.26, 0.38],
};

export const gaussianNoise: Corruption = ({ pixels, size, strength, rng }) => {
  const scale = severityAt(gaussian, size, strength);
  return pixels.map((value) => cut(value + scale * rng.normal()));
};

const speckle: SeveritiesBySize = {
  small: [0.06, 0.1, 0.12, 0.16, 0.2],
  middle: [0.15, 0.2, 0.25, 0.3, 0.35],
  large: [0.15, 0.2, 0.35, 0.45, 0.6],
};

export const speckleNoise: Corruption = ({ pixels, size, strength, rng }) => {
  const scale = severityAt(speckle, size, strength);
  return pixels.map((value) => cut(value + value * scale * rng.normal()));
};

const shot: SeveritiesBySize = {
  small: [500, 250, 100, 75, 50],
  middle: [250, 100, 50, 30, 15],
  large: [60, 25, 12, 5, 3],
};

export const shotNoise: Corruption = ({ pixels, size, strength, rng }) => {
  const photons = severityAt(shot, size, strength);
  return pixels.map((value) => cut(poisson(value * photons, rng.uniform()) / photons));
};

/** The quantile of a Poisson distribution: the least count up to which there is that much probability. */
export function poisson(mean: number, probability: number): number {
  if (mean === 0) return 0;
  let density = Math.exp(-mean);
  let sum = density;
  let count = 0;
  // Beyond, the density is below what can be told: the count is 40 deviations from the mean.
  const most = mean + 40 * Math.sqrt(mean) + 40;
  while (sum < probability && count < most) {
    count += 1;
    density *= mean / count;
    sum += density;
  }
  return count;
}

const impulse: SeveritiesBySize = {
  small: [0.01, 0.02, 0.03, 0.05, 0.07],
  middle: [0.01, 0.02, 0.05, 0.08, 0.14],
  large: [0.03, 0.06, 0.09, 0.17, 0.27],
};

/** Salt and pepper as scikit-image has it: first which values flip is drawn, then to which end. */
export const impulseNoise: Corruption = ({ pixels, size, strength, rng }) => {
  const amount = severityAt(impulse, size, strength);
  const flipped = pixels.map(() => rng.uniform());
  const salted = pixels.map(() => rng.uniform());
  return pixels.map((value, index) => {
    if ((flipped[index] ?? 1) > amount) return value;
    return (salted[index] ?? 1) <= 0.5 ? 1 : 0;
  });
};
