import { asMatrix } from '../as-rank.js';
import { numbersOf } from '../numbers-of.js';
import type { Rng } from '../rng.js';
import { tf } from '../tf.js';
import { columnMeans, minus } from './gram.js';
import { inRange } from './in-range.js';
import { unitRows } from './unit-rows.js';

/** Rows whose distances to all centres are in memory at once. */
const block = 4096;

export interface KMeans {
  /** Features (n, d), row by row. */
  readonly features: Float32Array;
  readonly d: number;
  readonly clusters: number;
  /** Rows and centres have length 1, and similarity is the cosine; else the distance is Euclidean. */
  readonly spherical: boolean;
  /** Rounds of Lloyd's at most. */
  readonly iterations: number;
}

export interface Clustering {
  /** The cluster (n) of each row. */
  readonly clusters: Int32Array;
  /** Sum of squared distances to the centres. */
  readonly inertia: number;
  readonly iterations: number;
  /** The last round changed no row's cluster. */
  readonly converged: boolean;
}

/** The best of some runs, by inertia; of equals the first. Each begins with rows drawn by k-means++. */
export function kMeans(
  given: KMeans,
  runs: Iterable<Rng>,
  done: () => void = () => undefined,
): Clustering {
  const { features, d, spherical } = given;
  const rows = spherical
    ? numbersOf(() => unitRows(tf.tensor2d(features, [features.length / d, d])))
    : inRange(features);
  let best: Clustering | undefined;
  for (const rng of runs) {
    const found = lloyd({ ...given, features: rows }, plusPlus(rows, d, given.clusters, rng));
    if (!best || found.inertia < best.inertia) best = found;
    done();
  }
  if (!best) throw new RangeError('no run of k-means');
  return best;
}

/**
 * Lloyd's algorithm from first centres (k, d): each row joins the nearest centre, of equals the first, and each centre
 * becomes its rows' mean; one without rows stays where it is. Rows of a spherical clustering have length 1.
 */
export function lloyd(
  { features, d, clusters: k, spherical, iterations }: KMeans,
  first: Float32Array,
): Clustering {
  const n = features.length / d;
  // Less their mean, which changes no distance and keeps float32 from losing small ones: as scikit-learn's KMeans.
  const middle = columnMeans(features, d);
  const rows = tf.tensor2d(Float32Array.from(minus(features, middle)), [n, d]);
  let centres: Float64Array = Float64Array.from(first);
  let joined: Int32Array = new Int32Array(n).fill(-1);
  let round = 0;
  let converged = false;
  while (round < iterations && !converged) {
    round += 1;
    const next = nearestCentres(
      rows,
      Float32Array.from(centres, (value, i) => value - (middle[i % d] ?? 0)),
      k,
    );
    converged = next.every((cluster, row) => cluster === joined[row]);
    joined = next;
    if (!converged) centres = meansOf(features, d, joined, centres, spherical);
  }
  rows.dispose();
  let inertia = 0;
  features.forEach((value, i) => {
    const centre = centres[(joined[Math.floor(i / d)] ?? 0) * d + (i % d)] ?? 0;
    inertia += (value - centre) ** 2;
  });
  return { clusters: joined, inertia, iterations: round, converged };
}

function nearestCentres(rows: tf.Tensor2D, centres: Float32Array, k: number): Int32Array {
  const [n, d] = rows.shape;
  const nearest = new Int32Array(n);
  for (let from = 0; from < n; from += block) {
    const height = Math.min(block, n - from);
    const found = tf.tidy(() => {
      const c = tf.tensor2d(centres, [k, d]);
      const some = asMatrix(tf.slice(rows, [from, 0], [height, d]));
      // The row's own length is the same for all centres: |x - c|² / 2 without it.
      const half = tf.mul(tf.sum(tf.square(c), 1), 0.5);
      return tf.argMax(tf.sub(tf.matMul(some, c, false, true), half), 1);
    });
    nearest.set(found.dataSync(), from);
    found.dispose();
  }
  return nearest;
}

function meansOf(
  features: Float32Array,
  d: number,
  joined: Int32Array,
  before: Float64Array,
  spherical: boolean,
): Float64Array {
  const k = before.length / d;
  const sums = new Float64Array(before.length);
  const counts = new Int32Array(k);
  joined.forEach((cluster, row) => {
    counts[cluster] = (counts[cluster] ?? 0) + 1;
    const [to, from] = [cluster * d, row * d];
    for (let j = 0; j < d; j++) sums[to + j] = (sums[to + j] ?? 0) + (features[from + j] ?? 0);
  });
  const means = Float64Array.from(before);
  for (let cluster = 0; cluster < k; cluster++) {
    const sum = sums.subarray(cluster * d, (cluster + 1) * d);
    const length = spherical
      ? Math.sqrt(sum.reduce((all, value) => all + value * value, 0))
      : counts[cluster];
    if (!length) continue;
    means.set(
      sum.map((value) => value / length),
      cluster * d,
    );
  }
  return means;
}

/**
 * First centres (k, d): rows drawn one after another, each with a probability that grows with the squared distance to the
 * nearest that is drawn. Where all rows lie on drawn ones any is drawn.
 *
 * Source: Arthur & Vassilvitskii 2007, k-means++.
 */
function plusPlus(features: Float32Array, d: number, k: number, rng: Rng): Float32Array {
  const n = features.length / d;
  const centres = new Float32Array(k * d);
  const distances = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let chosen = rng.below(n);
  for (let centre = 0; centre < k; centre++) {
    const row = features.subarray(chosen * d, (chosen + 1) * d);
    centres.set(row, centre * d);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let distance = 0;
      for (let j = 0; j < d; j++) distance += ((features[i * d + j] ?? 0) - (row[j] ?? 0)) ** 2;
      distances[i] = Math.min(distances[i] ?? 0, distance);
      sum += distances[i] ?? 0;
    }
    chosen = sum > 0 ? drawn(distances, sum * rng.uniform()) : rng.below(n);
  }
  return centres;
}

/** The first place at which the sum of the numbers is beyond a limit. */
function drawn(numbers: Float64Array, limit: number): number {
  let sum = 0;
  for (const [place, number] of numbers.entries()) {
    sum += number;
    if (sum > limit) return place;
  }
  return numbers.findLastIndex((number) => number > 0);
}
