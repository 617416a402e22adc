import { type Corruption, cut } from './corruption.js';
import { canny, distances } from './edges.js';
import { correlated, gaussianFilter } from './filter.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* Spatter of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py. */

/** What is drawn, how far it is blurred, and from which value there is a drop. */
interface Spatter {
  readonly drops: readonly [mean: number, deviation: number, blur: number, from: number];
  readonly of: 'water' | 'mud';
  /** Of water how much it shows, of mud how far its rim is blurred. */
  readonly much: number;
}

const spatters: SeveritiesBySize<Spatter> = {
  small: [
    { drops: [0.62, 0.1, 0.7, 0.7], much: 0.5, of: 'water' },
    { drops: [0.65, 0.1, 0.8, 0.7], much: 0.5, of: 'water' },
    { drops: [0.65, 0.3, 1, 0.69], much: 0.5, of: 'water' },
    { drops: [0.65, 0.1, 0.7, 0.69], much: 0.6, of: 'mud' },
    { drops: [0.65, 0.1, 0.5, 0.68], much: 0.6, of: 'mud' },
  ],
  middle: [
    { drops: [0.62, 0.1, 0.7, 0.7], much: 0.6, of: 'water' },
    { drops: [0.65, 0.1, 0.8, 0.7], much: 0.6, of: 'water' },
    { drops: [0.65, 0.3, 1, 0.69], much: 0.6, of: 'water' },
    { drops: [0.65, 0.1, 0.7, 0.68], much: 0.6, of: 'mud' },
    { drops: [0.65, 0.1, 0.5, 0.67], much: 0.6, of: 'mud' },
  ],
  large: [
    { drops: [0.65, 0.3, 4, 0.69], much: 0.6, of: 'water' },
    { drops: [0.65, 0.3, 3, 0.68], much: 0.6, of: 'water' },
    { drops: [0.65, 0.3, 2, 0.68], much: 0.5, of: 'water' },
    { drops: [0.65, 0.3, 1, 0.65], much: 1.5, of: 'mud' },
    { drops: [0.67, 0.4, 1, 0.65], much: 1.5, of: 'mud' },
  ],
};

/** Pale turquoise water, or brown mud; of 255. */
const colours = { water: [175, 238, 238], mud: [63, 42, 20] };

export const spatter: Corruption = ({ pixels, size, strength, rng }) => {
  const { drops, of, much } = severityAt(spatters, size, strength);
  const [mean, deviation, blur, from] = drops;
  const drawn = Float64Array.from({ length: size * size }, () => mean + deviation * rng.normal());
  const liquid = blurred(drawn, size, blur).map((value) => (value < from ? 0 : value));
  const mask = of === 'water' ? water(liquid, size, much) : mud(liquid, size, from, much);
  return pixels.map((value, index) => {
    const much = mask[Math.floor(index / 3)] ?? 0;
    const colour = (colours[of][index % 3] ?? 0) / 255;
    return cut((of === 'water' ? value : value * (1 - much)) + much * colour);
  });
};

/** As scikit-image blurs. */
function blurred(values: Float64Array, size: number, sigma: number): Float64Array {
  const reach = Math.floor(4 * sigma + 0.5);
  return gaussianFilter({ values, size, channels: 1 }, sigma, { reach, border: 'edge' });
}

function mud(liquid: Float64Array, size: number, from: number, rim: number): Float64Array {
  const there = liquid.map((value) => (value > from ? 1 : 0));
  return blurred(there, size, rim).map((value) => (value < 0.8 ? 0 : value));
}

/** Light from one side on the rims of drops. */
const relief = Float64Array.of(-2, -1, 0, -1, 1, 1, 0, 1, 2);
const ones = new Float64Array(9).fill(1);

/** How bright the drops are, on 8 bits as OpenCV has it; the brightest as much as `much`. */
function water(liquid: Float64Array, size: number, much: number): Float64Array {
  const bytes = Uint8Array.from(liquid, (value) => Math.floor(value * 255));
  const near = distances(canny({ values: bytes, size }, 50, 150), size);
  const around = (values: Float64Array, weights: Float64Array): Float64Array =>
    correlated({ values, size, channels: 1 }, { weights, rows: 3, columns: 3 }, 'reflect');
  const flat = around(
    near.map((distance) => Math.fround(Math.min(20, distance))),
    ones,
  ).map((sum) => Math.floor(Math.fround(sum / 9)));
  const lit = around(equalised(flat), relief).map((sum) => Math.min(255, Math.max(0, sum)));
  const smooth = around(lit, ones).map((sum) => Math.round(sum / 9));
  const shown = smooth.map((value, i) => value * (bytes[i] ?? 0));
  const most = shown.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? shown : shown.map((value) => (value / most) * much);
}

/** As `cv2.equalizeHist`: each level becomes the share of the pixels up to it that are not of the lowest. */
function equalised(values: Float64Array): Float64Array {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [lowest, ...others] = [...counts].sort(([a], [b]) => a - b);
  const rest = values.length - (lowest?.[1] ?? 0);
  if (rest === 0) return values;
  const scale = Math.fround(255 / rest);
  let sum = 0;
  const levels = new Map<number, number>();
  for (const [value, count] of others) {
    sum += count;
    levels.set(value, Math.min(255, Math.round(Math.fround(sum * scale))));
  }
  return values.map((value) => levels.get(value) ?? 0);
}
