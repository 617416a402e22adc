import { asMatrix } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { addToLast, matMul, sumToLast } from '../float-ops.js';
import { tf } from '../tf.js';

/** A linear layer: whether the gradient of its input is wanted. */
interface DenseOptions {
  /** The input is data: spend no time on its gradient. */
  readonly constantInput?: boolean;
}

/**
 * Linear layer: x (n, in) by weight (in, out), plus bias (out) if there is one; result (n, out).
 * A product and a sum forward, two products and a sum backward.
 */
export function dense(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias?: tf.Tensor1D,
  { constantInput = false }: DenseOptions = {},
): tf.Tensor2D {
  const y = tf.tidy(() => {
    const product = matMul(x, weight);
    return asMatrix(bias === undefined ? product : addToLast(product, bias));
  });
  const weights = bias === undefined ? [weight] : [weight, bias];
  return attachGradient(y, {
    inputs: constantInput ? weights : [x, ...weights],
    save: [x, weight],
    backward(dy, [savedX = x, savedWeight = weight]) {
      const dWeights = [matMul(savedX, dy, { a: true })];
      if (bias !== undefined) dWeights.push(sumToLast(dy));
      return constantInput ? dWeights : [matMul(dy, savedWeight, { b: true }), ...dWeights];
    },
  });
}
