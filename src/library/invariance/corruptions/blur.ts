import { type Corrupted, type Corruption, cut } from './corruption.js';
import { correlated, gaussianFilter } from './filter.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* The family of blur of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py. */

const gaussian: SeveritiesBySize = {
  small: [0.4, 0.6, 0.7, 0.8, 1],
  middle: [0.5, 0.75, 1, 1.25, 1.5],
  large: [1, 2, 3, 4, 6],
};

export const gaussianBlur: Corruption = (image) =>
  blurred(image, severityAt(gaussian, image.size, image.strength)).map(cut);

/** As scikit-image blurs: to four deviations, the border repeated. */
function blurred(
  { pixels, size }: Pick<Corrupted, 'pixels' | 'size'>,
  sigma: number,
): Float64Array {
  const reach = Math.floor(4 * sigma + 0.5);
  return gaussianFilter({ values: pixels, size, channels: 3 }, sigma, { reach, border: 'edge' });
}

/** Radius of the disk, and the deviation by which its rim is softened. */
const defocus: SeveritiesBySize<readonly [radius: number, soft: number]> = {
  small: [
    [0.3, 0.4],
    [0.4, 0.5],
    [0.5, 0.6],
    [1, 0.2],
    [1.5, 0.1],
  ],
  middle: [
    [0.5, 0.6],
    [1, 0.1],
    [1.5, 0.1],
    [2.5, 0.01],
    [3, 0.1],
  ],
  large: [
    [3, 0.1],
    [4, 0.5],
    [6, 0.5],
    [8, 0.5],
    [10, 0.5],
  ],
};

export const defocusBlur: Corruption = ({ pixels, size, strength }) => {
  const [radius, soft] = severityAt(defocus, size, strength);
  const side = 2 * Math.max(8, radius) + 1;
  const weights = disk(radius, soft, side);
  const kernel = { weights, rows: side, columns: side };
  return correlated({ values: pixels, size, channels: 3 }, kernel, 'reflect').map(cut);
};

/** A disk whose weights have the sum 1, its rim softened as OpenCV blurs. */
function disk(radius: number, soft: number, side: number): Float64Array {
  const middle = (side - 1) / 2;
  const inside = Float64Array.from({ length: side * side }, (_, index) => {
    const [x, y] = [(index % side) - middle, Math.floor(index / side) - middle];
    return x * x + y * y <= radius * radius ? 1 : 0;
  });
  const sum = inside.reduce((a, b) => a + b, 0);
  const values = inside.map((value) => value / sum);
  const reach = radius <= 8 ? 1 : 2;
  return gaussianFilter({ values, size: side, channels: 1 }, soft, { reach, border: 'reflect' });
}

/** Deviation of the blur before and after, reach of the shuffle, and how often it is done. */
const glass: SeveritiesBySize<readonly [sigma: number, reach: number, times: number]> = {
  small: [
    [0.05, 1, 1],
    [0.25, 1, 1],
    [0.4, 1, 1],
    [0.25, 1, 2],
    [0.4, 1, 2],
  ],
  middle: [
    [0.1, 1, 1],
    [0.5, 1, 1],
    [0.6, 1, 2],
    [0.7, 2, 1],
    [0.9, 2, 2],
  ],
  large: [
    [0.7, 1, 2],
    [0.9, 2, 1],
    [1, 2, 3],
    [1.1, 3, 2],
    [1.5, 4, 2],
  ],
};

/**
 * Pixels take the place of near ones, on 8 bits. What the official code calls a swap copies: NumPy's two
 * sides are one memory. So it is here, so that the images are those of ImageNet-C.
 */
export const glassBlur: Corruption = ({ pixels, size, strength, rng }) => {
  const [sigma, reach, times] = severityAt(glass, size, strength);
  const shuffled = blurred({ pixels, size }, sigma).map((value) => Math.floor(cut(value) * 255));
  const shift = (): number => Math.floor(rng.uniform() * 2 * reach) - reach;
  for (let time = 0; time < times; time++) {
    for (let row = size - reach; row > reach; row--) {
      for (let column = size - reach; column > reach; column--) {
        const [dx, dy] = [shift(), shift()];
        const from = ((row + dy) * size + column + dx) * 3;
        shuffled.copyWithin((row * size + column) * 3, from, from + 3);
      }
    }
  }
  return blurred({ pixels: shuffled.map((value) => value / 255), size }, sigma).map(cut);
};

/** The largest zoom and the step between zooms, as NumPy's `arange` takes them. */
const zooms: SeveritiesBySize<readonly [below: number, step: number]> = {
  small: [
    [1.06, 0.01],
    [1.11, 0.01],
    [1.16, 0.01],
    [1.21, 0.01],
    [1.26, 0.01],
  ],
  middle: [
    [1.06, 0.01],
    [1.11, 0.01],
    [1.16, 0.01],
    [1.21, 0.01],
    [1.26, 0.01],
  ],
  large: [
    [1.11, 0.01],
    [1.16, 0.01],
    [1.21, 0.02],
    [1.26, 0.02],
    [1.31, 0.03],
  ],
};

export const zoomBlur: Corruption = ({ pixels, size, strength }) => {
  const [below, step] = severityAt(zooms, size, strength);
  const count = Math.ceil((below - 1) / step);
  const sum = Float64Array.from(pixels);
  for (let i = 0; i < count; i++) {
    const zoomed = zoom(pixels, size, 1 + i * (1 + step - 1));
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (zoomed[at] ?? 0);
  }
  return sum.map((value) => cut(value / (count + 1)));
};

/** Rounded as Python rounds: a half to the even neighbour. */
function evenly(value: number): number {
  const whole = Math.floor(value);
  return value - whole === 0.5 && whole % 2 === 0 ? whole : Math.round(value);
}

/** The middle of an image (size, size, channels), as large as before: `scipy.ndimage.zoom` of order 1, trimmed. */
export function zoom(pixels: Float64Array, size: number, by: number): Float64Array {
  const channels = pixels.length / (size * size);
  const kept = Math.ceil(size / by);
  const start = Math.floor((size - kept) / 2);
  const wide = evenly(kept * by);
  const trim = Math.floor((wide - size) / 2);
  const made = new Float64Array(pixels.length);
  const scale = wide > 1 ? (kept - 1) / (wide - 1) : 0;
  const places = (at: number) => {
    const place = Math.min(kept - 1, (at + trim) * scale);
    const low = Math.floor(place);
    return { low: start + low, high: start + Math.min(low + 1, kept - 1), share: place - low };
  };
  for (let row = 0; row < size; row++) {
    const y = places(row);
    for (let column = 0; column < size; column++) {
      const x = places(column);
      for (let channel = 0; channel < channels; channel++) {
        const at = (r: number, c: number): number =>
          pixels[(r * size + c) * channels + channel] ?? 0;
        const above = at(y.low, x.low) * (1 - x.share) + at(y.low, x.high) * x.share;
        const under = at(y.high, x.low) * (1 - x.share) + at(y.high, x.high) * x.share;
        made[(row * size + column) * channels + channel] = above * (1 - y.share) + under * y.share;
      }
    }
  }
  return made;
}
