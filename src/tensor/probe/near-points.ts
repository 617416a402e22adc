import { tf } from '../tf.js';
import { columnMeans, minus } from './gram.js';
import { inRange } from './in-range.js';
import { insertNear } from './insert-near.js';
import { middleOf } from './narrow-cone.js';
import { unitsOf } from './unit-rows.js';

export type Metric = 'cosine' | 'euclidean';

/** Points (n, d), row by row: what is nearer by the metric is nearer by the Euclidean distance of these rows. */
export interface Points {
  readonly rows: Float32Array;
  /** What distances are taken of in the end (n, d): by `euclidean` the features as they are, or in range. */
  readonly exact: Float32Array;
  readonly d: number;
  readonly metric: Metric;
}

/** The nearest neighbours of `n` points, `k` each, the nearest first and none itself. */
export interface NearPoints {
  readonly k: number;
  /** Places (n, k). */
  readonly indices: Int32Array;
  /** Distances by the metric (n, k): Euclidean, or 1 less the cosine. */
  readonly distances: Float64Array;
}

/**
 * Features (n, d) as points: by `cosine` scaled to length 1, a row of zeros staying one, at 0.5 from all others; by
 * `euclidean`, and where all directions lie in a narrow cone, less their mean, which changes no distance and keeps float32
 * from losing small ones. Features of which squares are no numbers of float32 come in range first, and the distances with
 * them.
 */
export function pointsOf(given: Float32Array, d: number, metric: Metric): Points {
  if (metric === 'euclidean') {
    const exact = inRange(given);
    return { rows: Float32Array.from(minus(exact, columnMeans(exact, d))), exact, d, metric };
  }
  const units = unitsOf(given, d);
  const middle = middleOf(given, d);
  const rows = Float32Array.from(middle ? minus(units, Float64Array.from(middle)) : units);
  return { rows, exact: rows, d, metric };
}

/** Points that ask at once: bounds memory at block x n numbers. */
const block = 256;

/** Calls `visit` for each point, in order, with the squared distances (n) to all. The array is only valid during the call. */
export function eachDistance(
  { rows, d }: Points,
  visit: (point: number, squares: Float32Array) => void,
): void {
  const n = rows.length / d;
  const all = tf.tensor2d(rows, [n, d]);
  const lengths = tf.tidy(() => tf.sum(tf.square(all), 1)); // (n)
  for (let from = 0; from < n; from += block) {
    const count = Math.min(block, n - from);
    const values = tf.tidy(() => {
      const products = tf.matMul(tf.slice(all, [from, 0], [count, d]), all, false, true);
      const own = tf.reshape(tf.slice(lengths, [from], [count]), [count, 1]);
      return tf.sub(tf.add(own, lengths), tf.mul(products, 2)); // (count, n)
    });
    const squares = values.dataSync<'float32'>();
    for (let i = 0; i < count; i++) visit(from + i, squares.subarray(i * n, (i + 1) * n));
    values.dispose();
  }
  tf.dispose([all, lengths]);
}

/** Candidates beyond those asked for: float32 orders nearly equal ones by chance. */
const spare = 8;

/**
 * The `k` nearest of each point, of equals the one that stands first. Candidates are found in float32, their distances
 * in float64. More than k points.
 */
export function nearPoints(
  points: Points,
  k: number,
  progress?: (done: number) => void,
): NearPoints {
  const n = points.rows.length / points.d;
  const width = Math.min(n - 1, k + spare);
  const indices = new Int32Array(n * k);
  const distances = new Float64Array(n * k);
  const candidates = new Int32Array(width);
  const roughly = new Float64Array(width);
  eachDistance(points, (i, squares) => {
    roughly.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < n; j++) {
      const square = squares[j] ?? 0;
      if (square < (roughly[width - 1] ?? 0) && j !== i) insertNear(candidates, roughly, j, square);
    }
    const exact = Array.from(candidates, (j) => ({ j, distance: distance(points, i, j) }));
    exact.sort((p, q) => p.distance - q.distance || p.j - q.j);
    for (const [rank, near] of exact.slice(0, k).entries()) {
      indices[i * k + rank] = near.j;
      distances[i * k + rank] = near.distance;
    }
    progress?.(i + 1);
  });
  return { k, indices, distances };
}

/** By the metric, in float64. Of rows of length 1 the cosine falls short of 1 by half the square of what lies between. */
function distance({ exact, d, metric }: Points, i: number, j: number): number {
  let square = 0;
  for (let at = 0; at < d; at++) {
    square += ((exact[i * d + at] ?? 0) - (exact[j * d + at] ?? 0)) ** 2;
  }
  return metric === 'cosine' ? square / 2 : Math.sqrt(square);
}
