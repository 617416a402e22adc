import { asMatrix } from './as-rank.js';
import { tf } from './tf.js';

/** Linear layer: x (n, in) by weight (in, out), plus bias (out) if there is one; result (n, out). */
export function dense(x: tf.Tensor2D, weight: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D {
  const product = tf.matMul(x, weight);
  return asMatrix(bias === undefined ? product : tf.add(product, bias));
}
