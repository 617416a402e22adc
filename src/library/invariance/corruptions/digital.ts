import { type Corruption, cut } from './corruption.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* The digital family of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py. */

const contrasts: SeveritiesBySize = {
  small: [0.75, 0.5, 0.4, 0.3, 0.15],
  middle: [0.4, 0.3, 0.2, 0.1, 0.05],
  large: [0.4, 0.3, 0.2, 0.1, 0.05],
};

export const contrast: Corruption = ({ pixels, size, strength }) => {
  const left = severityAt(contrasts, size, strength);
  const means = [0, 0, 0];
  pixels.forEach((value, index) => {
    means[index % 3] = (means[index % 3] ?? 0) + value / (size * size);
  });
  return pixels.map((value, index) => {
    const mean = means[index % 3] ?? 0;
    return cut((value - mean) * left + mean);
  });
};

/** Factor of the saturation, and what is added to it. */
const saturations: SeveritiesBySize<readonly [factor: number, more: number]> = {
  small: [
    [0.3, 0],
    [0.1, 0],
    [1.5, 0],
    [2, 0.1],
    [2.5, 0.2],
  ],
  middle: [
    [0.3, 0],
    [0.1, 0],
    [2, 0],
    [5, 0.1],
    [30, 0.2],
  ],
  large: [
    [0.3, 0],
    [0.1, 0],
    [2, 0],
    [5, 0.1],
    [20, 0.2],
  ],
};

/** Another S of HSV: value and hue stay. What is grey has the hue of red, as everywhere. */
export const saturate: Corruption = ({ pixels, size, strength }) => {
  const [factor, more] = severityAt(saturations, size, strength);
  return pixels.map((channel, index) => {
    const start = index - (index % 3);
    const colour = pixels.subarray(start, start + 3);
    const [value, least] = [Math.max(...colour), Math.min(...colour)];
    if (value === 0) return 0;
    const saturation = 1 - least / value;
    const now = cut(saturation * factor + more);
    if (saturation === 0) return index % 3 === 0 ? value : value * (1 - now);
    return cut(value - ((value - channel) * now) / saturation);
  });
};

const pixelations: SeveritiesBySize = {
  small: [0.95, 0.9, 0.85, 0.75, 0.65],
  middle: [0.9, 0.8, 0.7, 0.6, 0.5],
  large: [0.6, 0.5, 0.4, 0.3, 0.25],
};

/** Fewer pixels, and as many as before: by Pillow's box filter, on 8 bits. */
export const pixelate: Corruption = ({ pixels, size, strength }) => {
  const few = Math.trunc(size * severityAt(pixelations, size, strength));
  const bytes = pixels.map((value) => Math.round(value * 255));
  const down = boxes(boxes(bytes, [size, size], few), [size, few], few);
  return boxes(boxes(down, [few, few], size), [few, size], size).map((value) => value / 255);
};

/**
 * The rows of an image (height, width, 3) of 8 bits resized to a width by the means of boxes, and turned: twice
 * it is the image again, with both sides resized. Of equally near pixels a box takes what Pillow takes.
 */
function boxes(
  bytes: Float64Array,
  [width, height]: readonly [number, number],
  to: number,
): Float64Array {
  const scale = width / to;
  const reach = 0.5 * Math.max(scale, 1);
  const made = new Float64Array(to * height * 3);
  for (let column = 0; column < to; column++) {
    const middle = (column + 0.5) * scale;
    const from = Math.max(0, Math.trunc(middle - reach + 0.5));
    const end = Math.min(width, Math.trunc(middle + reach + 0.5));
    const taken: number[] = [];
    for (let x = from; x < end; x++) {
      const away = (x - middle + 0.5) / Math.max(scale, 1);
      if (away > -0.5 && away <= 0.5) taken.push(x);
    }
    for (let row = 0; row < height; row++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (const x of taken) sum += bytes[(row * width + x) * 3 + channel] ?? 0;
        made[(column * height + row) * 3 + channel] = Math.round(sum / Math.max(1, taken.length));
      }
    }
  }
  return made;
}
