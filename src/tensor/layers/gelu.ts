import { asMatrix } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { add, map, mul, sub } from '../float-ops.js';
import { tf } from '../tf.js';
import { kept } from './mixed-region.js';

/** Logarithm of the standard normal density at 0. */
const logDensity = -0.5 * Math.log(2 * Math.PI);

/**
 * GELU (Hendrycks and Gimpel 2016, arXiv:1606.08415), exactly: x P(x), where P is the distribution of
 * the standard normal, (1 + erf(x / sqrt 2)) / 2; as torch.nn.GELU. Its derivative, P(x) + x p(x), is
 * computed forward and kept instead of x: backward is one product.
 */
export function gelu(x: tf.Tensor2D): tf.Tensor2D {
  const { y, slope } = tf.tidy(() => {
    const t = mul(x, Math.SQRT1_2);
    const share = mul(add(map('Erf', t), 1), 0.5);
    const density = map('Exp', sub(logDensity, map('Square', t)));
    return { y: asMatrix(mul(x, share)), slope: kept(add(share, mul(x, density))) };
  });
  const result = attachGradient(y, {
    inputs: [x],
    save: [slope],
    backward: (dy, [saved = slope]) => [mul(dy, saved)],
  });
  slope.dispose();
  return result;
}
