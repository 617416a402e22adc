import { type Corruption, cut } from './corruption.js';
import { type Border, gaussianFilter, placeOf } from './filter.js';
import { type SeveritiesBySize, severityAt } from './severities.js';

/* Of the digital family of ImageNet-C: hendrycks/robustness@8190fe3 make_{cifar,tinyimagenet,imagenet}_c.py. */

/** By how many pixels places wander, over how many alike, and how far the corners of a triangle move. */
const elastics: SeveritiesBySize<readonly [far: number, alike: number, corners: number]> = {
  small: scaled(32, [
    [0, 0, 0.08],
    [0.05, 0.2, 0.07],
    [0.08, 0.06, 0.06],
    [0.1, 0.04, 0.05],
    [0.1, 0.03, 0.03],
  ]),
  middle: scaled(64, [
    [0, 0, 0.08],
    [0.05, 0.3, 0.06],
    [0.1, 0.08, 0.06],
    [0.1, 0.03, 0.03],
    [0.16, 0.03, 0.02],
  ]),
  // 244, as it is written there
  large: scaled(244, [
    [2, 0.7, 0.1],
    [2, 0.08, 0.2],
    [0.05, 0.01, 0.02],
    [0.07, 0.01, 0.02],
    [0.12, 0.01, 0.02],
  ]),
};

type Elastic = readonly [far: number, alike: number, corners: number];

function scaled(
  size: number,
  shares: readonly [Elastic, Elastic, Elastic, Elastic, Elastic],
): readonly [Elastic, Elastic, Elastic, Elastic, Elastic] {
  const [a, b, c, d, e] = shares;
  const of = ([far, alike, corners]: Elastic): Elastic => [
    size * far,
    size * alike,
    size * corners,
  ];
  return [of(a), of(b), of(c), of(d), of(e)];
}

/** An affine map that is drawn, then places that wander, near ones alike. */
export const elasticTransform: Corruption = ({ pixels, size, strength, rng }) => {
  const [far, alike, corners] = severityAt(elastics, size, strength);
  const uniform = (): number => 2 * rng.uniform() - 1;
  const middle = Math.floor(size / 2);
  const side = Math.floor(size / 3);
  const before: Corners = [
    [middle + side, middle + side],
    [middle + side, middle - side],
    [middle - side, middle - side],
  ];
  const moved = (point: readonly [number, number]): readonly [number, number] => [
    Math.fround(point[0] + Math.fround(corners * uniform())),
    Math.fround(point[1] + Math.fround(corners * uniform())),
  ];
  const after: Corners = [moved(before[0]), moved(before[1]), moved(before[2])];
  const back = affine(after, before);
  const turned = sampled(pixels, size, 'reflect', (x, y) => [
    back[0] * x + back[1] * y + back[2],
    back[3] * x + back[4] * y + back[5],
  ]);
  const wander = (): Float64Array => {
    const values = Float64Array.from({ length: size * size }, uniform);
    const smooth = { reach: Math.floor(3 * alike + 0.5), border: 'symmetric' } as const;
    const near =
      alike === 0 ? values : gaussianFilter({ values, size, channels: 1 }, alike, smooth);
    return near.map((value) => Math.fround(value * far));
  };
  const [right, down] = [wander(), wander()];
  return sampled(turned, size, 'symmetric', (x, y) => {
    const pixel = y * size + x;
    return [x + (right[pixel] ?? 0), y + (down[pixel] ?? 0)];
  }).map(cut);
};

type Corners = readonly [
  readonly [x: number, y: number],
  readonly [x: number, y: number],
  readonly [x: number, y: number],
];
type Affine = readonly [number, number, number, number, number, number];

/** The affine map that takes three points to three others, by Cramer's rule. */
function affine(from: Corners, to: Corners): Affine {
  const [[x0, y0], [x1, y1], [x2, y2]] = from;
  const whole = x0 * (y1 - y2) - y0 * (x1 - x2) + (x1 * y2 - x2 * y1);
  const row = (axis: 0 | 1): readonly [number, number, number] => {
    const [u0, u1, u2] = [to[0][axis], to[1][axis], to[2][axis]];
    return [
      (u0 * (y1 - y2) + u1 * (y2 - y0) + u2 * (y0 - y1)) / whole,
      (u0 * (x2 - x1) + u1 * (x0 - x2) + u2 * (x1 - x0)) / whole,
      (u0 * (x1 * y2 - x2 * y1) + u1 * (x2 * y0 - x0 * y2) + u2 * (x0 * y1 - x1 * y0)) / whole,
    ];
  };
  return [...row(0), ...row(1)];
}

/** What stands at a place of the image for each pixel, bilinear. */
function sampled(
  pixels: Float64Array,
  size: number,
  border: Border,
  from: (x: number, y: number) => readonly [x: number, y: number],
): Float64Array {
  const made = new Float64Array(pixels.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [x, y] = from(column, row);
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [u, v] = [x - left, y - top];
      const columns = [placeOf(left, size, border), placeOf(left + 1, size, border)] as const;
      const rows = [placeOf(top, size, border), placeOf(top + 1, size, border)] as const;
      for (let channel = 0; channel < 3; channel++) {
        const at = (r: number, c: number): number => pixels[(r * size + c) * 3 + channel] ?? 0;
        const above = at(rows[0], columns[0]) * (1 - u) + at(rows[0], columns[1]) * u;
        const below = at(rows[1], columns[0]) * (1 - u) + at(rows[1], columns[1]) * u;
        made[(row * size + column) * 3 + channel] = above * (1 - v) + below * v;
      }
    }
  }
  return made;
}
