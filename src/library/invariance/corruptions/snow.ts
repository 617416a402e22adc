import { zoom } from './blur.js';
import { type Corruption, cut } from './corruption.js';
import { alongLine, inBytes } from './motion.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* Snow of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py. */

/** Flakes: mean and deviation of what they are drawn from, their size, from which value one is seen. */
interface Snow {
  readonly flakes: readonly [mean: number, deviation: number, zoom: number, from: number];
  /** How far they fall: reach and deviation of a blur along a line. */
  readonly fall: readonly [radius: number, sigma: number];
  /** How much of the image stays beside the whitened one. */
  readonly kept: number;
}

const small = ([first, second, third, fourth, fifth]: readonly [
  number,
  number,
  number,
  number,
  number,
]): readonly [Snow, Snow, Snow, Snow, Snow] => [
  { flakes: [0.1, 0.2, 1, 0.6], fall: [8, 3], kept: first },
  { flakes: [0.1, 0.2, 1, 0.5], fall: [10, 4], kept: second },
  { flakes: [0.15, 0.3, 1.75, 0.55], fall: [10, 4], kept: third },
  { flakes: [0.25, 0.3, 2.25, 0.6], fall: [12, 6], kept: fourth },
  { flakes: [0.3, 0.3, 1.25, 0.65], fall: [14, 12], kept: fifth },
];

const snows: SeveritiesBySize<Snow> = {
  small: small([0.95, 0.9, 0.9, 0.85, 0.8]),
  middle: small([0.8, 0.8, 0.7, 0.65, 0.6]),
  large: [
    { flakes: [0.1, 0.3, 3, 0.5], fall: [10, 4], kept: 0.8 },
    { flakes: [0.2, 0.3, 2, 0.5], fall: [12, 4], kept: 0.7 },
    { flakes: [0.55, 0.3, 4, 0.9], fall: [12, 8], kept: 0.7 },
    { flakes: [0.55, 0.3, 4.5, 0.85], fall: [12, 8], kept: 0.65 },
    { flakes: [0.55, 0.3, 2.5, 0.85], fall: [12, 12], kept: 0.55 },
  ],
};

export const snow: Corruption = ({ pixels, size, strength, rng }) => {
  const { flakes, fall, kept } = severityAt(snows, size, strength);
  const [mean, deviation, by, from] = flakes;
  const [radius, sigma] = fall;
  const drawn = Float64Array.from({ length: size * size }, () => mean + deviation * rng.normal());
  const seen = zoom(drawn, size, by).map((value) =>
    value < from ? 0 : Math.floor(cut(value) * 255) / 255,
  );
  const angle = -135 + 90 * rng.uniform();
  const layer = alongLine(seen, size, { radius, sigma, angle }).map(inBytes);
  return pixels.map((value, index) => {
    const start = index - (index % 3);
    const [red = 0, green = 0, blue = 0] = pixels.subarray(start, start + 3);
    const whitened = (0.299 * red + 0.587 * green + 0.114 * blue) * 1.5 + 0.5;
    const pixel = start / 3;
    const fallen = (layer[pixel] ?? 0) + (layer[layer.length - 1 - pixel] ?? 0);
    return cut(kept * value + (1 - kept) * Math.max(value, whitened) + fallen);
  });
};
