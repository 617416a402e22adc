import { asMatrix } from '../as-rank.js';
import { statelessUniform } from '../stateless-uniform.js';
import { tf } from '../tf.js';

/**
 * Stochastic depth (Huang et al. 2016, arXiv:1603.09382) as DINO's DropPath does it for each image:
 * factors (paths, images) by which what each path adds is multiplied: 0 with the path's rate, else
 * 1 / (1 - rate). One draw from the seed (int32 (2)) of a pass for all paths.
 */
export function pathFactors(
  rates: readonly number[],
  images: number,
  seed: tf.Tensor1D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const uniform = statelessUniform([rates.length, images], seed);
    const kept = tf.tensor2d(
      rates.map((rate) => 1 - rate),
      [rates.length, 1],
    );
    return asMatrix(tf.div(tf.floor(tf.add(uniform, kept)), kept));
  });
}
