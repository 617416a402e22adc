import { asMatrix } from '../as-rank.js';
import { tf } from '../tf.js';

/** Rows of length 1, as tf.math.l2_normalize: x / sqrt(max(sum of squares, 1e-12)). x (n, d). */
export function l2Normalise(x: tf.Tensor2D): tf.Tensor2D {
  const squares = tf.sum(tf.square(x), 1, true);
  return asMatrix(tf.mul(x, tf.rsqrt(tf.maximum(squares, 1e-12))));
}
