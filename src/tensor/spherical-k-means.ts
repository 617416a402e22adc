import { asMatrix, asVector } from './as-rank.js';
import { l2Normalise } from './losses/l2-normalise.js';
import { rowsAt } from './rows-at.js';
import { statelessUniform } from './stateless-uniform.js';
import { tf } from './tf.js';

/** Numbers in a block of similarities: 64 MiB of float32. */
const blockSize = 2 ** 24;

/** Clusters of rows. */
export interface Clusters {
  /** (k, d), of length 1. */
  readonly centroids: tf.Tensor2D;
  /** The nearest centroid of each row (m), int32, of absent rows too. */
  readonly nearest: tf.Tensor1D;
  /** Rows of each cluster (k), absent ones not counted. */
  readonly counts: tf.Tensor1D;
}

/**
 * Spherical k-means of rows (m, d) of length 1: from `first` centroids (k, d), `iterations` times each row joins the centroid of the largest product and each centroid becomes its rows' mean, of
 * length 1; one without rows stays. Rows that are not `present` (m), 0 or 1, count as none. Rows go in blocks, so that no product of all rows and centroids is ever held.
 *
 * Source: facebookresearch/swav@06b1b7c main_deepclusterv2.py, cluster_memory.
 */
export function sphericalKMeans(
  rows: tf.Tensor2D,
  present: tf.Tensor1D,
  first: tf.Tensor2D,
  iterations: number,
): Clusters {
  const [m, d] = rows.shape;
  const [k] = first.shape;
  const height = Math.max(1, Math.min(m, Math.floor(blockSize / k)));
  const starts = Array.from({ length: Math.ceil(m / height) }, (_, block) => block * height);
  const blocks = starts.map((start) => {
    const held = Math.min(height, m - start);
    return {
      x: asMatrix(tf.slice(rows, [start, 0], [held, d])),
      weights: asMatrix(tf.reshape(tf.slice(present, [start], [held]), [held, 1])),
    };
  });
  const nearestOf = (x: tf.Tensor2D, centroids: tf.Tensor2D): tf.Tensor1D =>
    asVector(tf.argMax(tf.matMul(x, centroids, false, true), 1));
  /** Which cluster each row is in: (rows, k), 0 or 1; absent rows are in none. */
  const members = (nearest: tf.Tensor1D, weights: tf.Tensor2D): tf.Tensor =>
    tf.mul(tf.oneHot(nearest, k, 1, 0, 'float32'), weights);
  let centroids = first;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const parts = blocks.map(({ x, weights }) => {
      const joined = members(nearestOf(x, centroids), weights);
      return { sums: tf.matMul(joined, x, true, false), counts: tf.sum(joined, 0) };
    });
    const sums = asMatrix(tf.addN(parts.map((part) => part.sums)));
    const counts = tf.reshape(tf.addN(parts.map((part) => part.counts)), [k, 1]);
    const means = tf.div(sums, tf.maximum(counts, 1));
    centroids = l2Normalise(asMatrix(tf.where(tf.greater(counts, 0), means, centroids)));
  }
  const nearest = blocks.map(({ x }) => nearestOf(x, centroids));
  const counts = blocks.map(({ weights }, index) => {
    const joined = nearest[index];
    return joined === undefined ? tf.zeros([k]) : tf.sum(members(joined, weights), 0);
  });
  return {
    centroids,
    nearest: asVector(nearest.length === 1 ? (nearest[0] ?? tf.tensor1d([])) : tf.concat(nearest)),
    counts: asVector(tf.addN(counts)),
  };
}

/** k rows (k, d) that are present, of which there have to be as many, drawn by the seed (int32 (2)), none twice. */
export function drawRows(
  rows: tf.Tensor2D,
  present: tf.Tensor1D,
  k: number,
  seed: tf.Tensor1D,
): tf.Tensor2D {
  const uniform = statelessUniform(present.shape, seed);
  // Absent rows below all present ones.
  return rowsAt(rows, asVector(tf.topk(tf.add(uniform, present), k).indices));
}
