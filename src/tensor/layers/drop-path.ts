import { asMatrix } from '../as-rank.js';
import { statelessUniform } from '../stateless-uniform.js';
import { tf } from '../tf.js';
import type { TokenGroup } from './token-groups.js';
import type { Batch } from './training-pass.js';

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

/** By what each path multiplies what it adds to each token, (paths, all tokens); of passes that draw nothing by 1. */
export function tokenFactors(
  rates: readonly number[],
  batches: readonly Batch[],
  groups: readonly TokenGroup[],
): tf.Tensor2D | undefined {
  if (batches.every(({ training }) => training?.seed === undefined)) return undefined;
  const paths = rates.length;
  const parts = groups.map(({ images, tokens }, at): tf.Tensor => {
    const seed = batches[at]?.training?.seed;
    if (seed === undefined) return tf.ones([paths, images * tokens]);
    const ofImages = tf.reshape(pathFactors(rates, images, seed), [paths, images, 1]);
    return tf.reshape(tf.tile(ofImages, [1, 1, tokens]), [paths, images * tokens]);
  });
  return asMatrix(parts.length === 1 && parts[0] ? parts[0] : tf.concat(parts, 1));
}
