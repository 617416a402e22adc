import { asMatrix } from '../as-rank.js';
import { numbersOf } from '../numbers-of.js';
import { tf } from '../tf.js';
import { unitRows } from './unit-rows.js';

/** Rows of distances that are in memory at once. */
const block = 512;

/**
 * Logarithm of the mean of exp(-t |u - v|²) over all pairs of rows (n, d), each scaled to length 1 (one of zeros stays
 * one); at most 0, where all are alike.
 *
 * Source: Wang & Isola 2020, arXiv:2005.10242, uniform_loss.
 */
export function uniformity(features: Float32Array, d: number, t = 2): number {
  const n = features.length / d;
  const rows = tf.tidy(() => unitRows(tf.tensor2d(features, [n, d])));
  const lengths = tf.tidy(() => tf.sum(tf.square(rows), 1)); // (n), squared
  let sum = 0;
  for (let from = 0; from < n; from += block) {
    const height = Math.min(block, n - from);
    const sums = numbersOf(() => {
      const some = asMatrix(tf.slice(rows, [from, 0], [height, d]));
      const products = tf.matMul(some, rows, false, true);
      const own = tf.reshape(tf.slice(lengths, [from], [height]), [height, 1]);
      // |u - v|² = |u|² + |v|² - 2 u·v, where rows of zeros have no length.
      const distances = tf.sub(tf.add(own, lengths), tf.mul(2, products));
      const others = tf.sub(1, tf.oneHot(tf.range(from, from + height, 1, 'int32'), n));
      return tf.sum(tf.mul(others, tf.exp(tf.mul(-t, distances))), 1);
    });
    for (const value of sums) sum += value;
  }
  tf.dispose([rows, lengths]);
  // Each pair is counted twice.
  return Math.log(sum / (n * (n - 1)));
}

/**
 * Mean of |u - v|² over pairs of rows (m, d) of two matrices, each scaled to length 1: 0 where partners are alike.
 *
 * Source: Wang & Isola 2020, arXiv:2005.10242, align_loss with α of 2.
 */
export function alignment(x: Float32Array, y: Float32Array, d: number): number {
  const m = x.length / d;
  const distances = numbersOf(() => {
    const [u, v] = [x, y].map((rows) => unitRows(tf.tensor2d(rows, [m, d])));
    return u && v ? tf.sum(tf.square(tf.sub(u, v)), 1) : tf.zeros([0]);
  });
  return distances.reduce((sum, value) => sum + value, 0) / m;
}
