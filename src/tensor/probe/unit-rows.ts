import { tf } from '../tf.js';

/** Scales each row of `x` (n, d) to length 1; a row of zeros stays one. */
export function unitRows(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const largest = tf.max(tf.abs(x), 1, true);
    // Squares of very large or small numbers are none of float32: there the largest becomes 1 first.
    const plain = tf.logicalAnd(tf.greater(largest, 1e-12), tf.less(largest, 1e12));
    const scaled = tf.divNoNan(x, tf.where(plain, tf.onesLike(largest), largest));
    return tf.divNoNan(scaled, tf.sqrt(tf.sum(tf.square(scaled), 1, true)));
  });
}
