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

/** Features (n, d) scaled to length 1, in float64; a row of zeros stays one. */
export function unitsOf(features: Float32Array, d: number): Float64Array {
  const lengths = new Float64Array(features.length / d);
  features.forEach((value, at) => {
    const row = Math.floor(at / d);
    lengths[row] = (lengths[row] ?? 0) + value ** 2;
  });
  return Float64Array.from(
    features,
    (value, at) => value / (Math.sqrt(lengths[Math.floor(at / d)] ?? 0) || 1),
  );
}
