import { asMatrix } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { add, addToLast, matMul, mul, reshape, sumOfLast, sumToLast } from '../float-ops.js';
import { tf } from '../tf.js';
import type { Affine } from './batch-norm.js';
import { normalised, normalisedBack } from './layer-norm.js';
import { kept } from './mixed-region.js';

/**
 * Layer norm (see layer-norm.ts) of each row of x (n, d), then a linear layer, weight (d, out) and bias (out):
 *
 *   (normal gain + shift) weight + bias = normal (gain weight) + (shift weight + bias)
 *
 * where normal are the normalised rows, which alone are kept for the gradient: what the norm scales and shifts
 * is never made. With a row of weights in place of a row of x for each, scaling and shifting cost nothing.
 */
export function normDense(
  x: tf.Tensor2D,
  { weight: gain, bias: shift }: Affine,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
): tf.Tensor2D {
  const [d, out] = weight.shape;
  const scaled = (kernel: tf.Tensor, by: tf.Tensor): tf.Tensor => mul(kernel, reshape(by, [d, 1]));
  const { y, normal, scale } = tf.tidy(() => {
    const { normal: whole, scale } = normalised(x);
    const normal = kept(whole);
    const constant = add(reshape(matMul(reshape(shift, [1, d]), weight), [out]), bias);
    const y = asMatrix(addToLast(matMul(normal, scaled(weight, gain)), constant));
    return { y, normal, scale };
  });
  const result = attachGradient(y, {
    inputs: [x, gain, shift, weight, bias],
    save: [normal, scale, gain, shift, weight],
    backward: (dy, [n = normal, s = scale, g = gain, b = shift, w = weight]) =>
      tf.tidy(() => {
        const dBias = sumToLast(dy);
        const products = matMul(n, dy, { a: true });
        const dNormal = matMul(dy, scaled(w, g), { b: true });
        return [
          normalisedBack(dNormal, n, s),
          reshape(sumOfLast(mul(products, w)), [d]),
          reshape(matMul(reshape(dBias, [1, out]), w, { b: true }), [d]),
          add(scaled(products, g), mul(reshape(b, [d, 1]), dBias)),
          dBias,
        ];
      }),
  });
  tf.dispose([normal, scale]);
  return result;
}
