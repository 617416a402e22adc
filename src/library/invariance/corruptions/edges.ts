import { placeOf } from './filter.js';

/* What ImageNet-C takes from OpenCV to find where drops of water end: edges, and how far each pixel is from one. */

/** An image of 8 bits (size, size), values from 0 to 255. */
export interface Grey {
  readonly values: Uint8Array;
  readonly size: number;
}

/** tan 22.5°, in 15 bits. */
const tangent = 13573;

/**
 * Pixels on edges, as `cv2.Canny` finds them with an aperture of 3 and the sum of both gradients:
 * the largest across an edge, from `low`, where they are joined to one above `high`.
 * Source: Canny 1986, doi:10.1109/TPAMI.1986.4767851.
 */
export function canny({ values, size }: Grey, low: number, high: number): Uint8Array {
  const { across, down } = gradients(values, size);
  const strength = across.map((x, i) => Math.abs(x) + Math.abs(down[i] ?? 0));
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= size || column >= size
      ? 0
      : (strength[row * size + column] ?? 0);
  const isPeak = (row: number, column: number, m: number): boolean => {
    const [dx, dy] = [across[row * size + column] ?? 0, down[row * size + column] ?? 0];
    const [x, y] = [Math.abs(dx), Math.abs(dy) * 32768];
    const flat = x * tangent;
    if (y < flat) return m > at(row, column - 1) && m >= at(row, column + 1);
    if (y > flat + x * 65536) return m > at(row - 1, column) && m >= at(row + 1, column);
    const side = dx < 0 !== dy < 0 ? -1 : 1;
    return m > at(row - 1, column - side) && m > at(row + 1, column + side);
  };
  const peaks = Int32Array.from(strength, (m, i) =>
    m > low && isPeak(Math.floor(i / size), i % size, m) ? m : 0,
  );
  const edges = new Uint8Array(size * size);
  const open = [...peaks.keys()].filter((i) => (peaks[i] ?? 0) > high);
  for (const i of open) edges[i] = 1;
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const [row, column] = [Math.floor(i / size), i % size];
    for (const r of [row - 1, row, row + 1]) {
      for (const c of [column - 1, column, column + 1]) {
        const next = r * size + c;
        if (r < 0 || c < 0 || r >= size || c >= size || edges[next] || !peaks[next]) continue;
        edges[next] = 1;
        open.push(next);
      }
    }
  }
  return edges;
}

/** Sobel's, to the right and down, the border repeated. */
function gradients(values: Uint8Array, size: number) {
  const across = new Int32Array(values.length);
  const down = new Int32Array(values.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = (r: number, c: number): number =>
        values[placeOf(row + r, size, 'edge') * size + placeOf(column + c, size, 'edge')] ?? 0;
      const i = row * size + column;
      across[i] = at(-1, 1) - at(-1, -1) + 2 * (at(0, 1) - at(0, -1)) + at(1, 1) - at(1, -1);
      down[i] = at(1, -1) - at(-1, -1) + 2 * (at(1, 0) - at(-1, 0)) + at(1, 1) - at(-1, 1);
    }
  }
  return { across, down };
}

/** Steps to neighbours and what they cost, in 16 bits: straight, slanted, as a knight of chess. */
const [straight, slanted, knight] = [65536, 91750, 143976];
const steps: readonly (readonly [row: number, column: number, cost: number])[] = [
  [-2, -1, knight],
  [-2, 1, knight],
  [-1, -2, knight],
  [-1, -1, slanted],
  [-1, 0, straight],
  [-1, 1, slanted],
  [-1, 2, knight],
  [0, -1, straight],
];

/**
 * How far each pixel is from the nearest on an edge, as `cv2.distanceTransform` of a mask of 5 counts
 * it: by such steps, from both ends. Source: Borgefors 1986, doi:10.1016/S0734-189X(86)80047-0.
 */
export function distances(edges: Uint8Array, size: number): Float64Array {
  const far = Number.POSITIVE_INFINITY;
  const found = Float64Array.from(edges, (edge) => (edge ? 0 : far));
  const pass = (i: number, sign: 1 | -1): void => {
    const [row, column] = [Math.floor(i / size), i % size];
    let least = found[i] ?? far;
    for (const [down, across, cost] of steps) {
      const [r, c] = [row + sign * down, column + sign * across];
      if (r < 0 || c < 0 || r >= size || c >= size) continue;
      least = Math.min(least, (found[r * size + c] ?? far) + cost);
    }
    found[i] = least;
  };
  for (let i = 0; i < found.length; i++) pass(i, 1);
  for (let i = found.length - 1; i >= 0; i--) pass(i, -1);
  return found.map((distance) => distance / straight);
}
