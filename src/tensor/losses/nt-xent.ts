import { asMatrix } from '../as-rank.js';
import { tf } from '../tf.js';
import { crossEntropy } from './cross-entropy.js';
import { l2Normalise } from './l2-normalise.js';
import { setDiagonal } from './set-diagonal.js';

/**
 * NT-Xent of projections z (2n, d), where rows i and i + n are the two views of pair i
 * (Chen et al. 2020, arXiv:2002.05709, equation 1, as the mean over all 2n views):
 *
 *   mean_i -log( exp(s_ij / t) / sum_{k != i} exp(s_ik / t) ),   s = cosines, j the other view of i
 *
 * As google-research/simclr@383d414 tf2/objective.py computes it, which reports the sum of the two
 * directions' means: twice this value. Needs n of at least 2 to have anything to tell apart.
 */
export function ntXent(z: tf.Tensor2D, temperature: number): tf.Scalar {
  const [rows] = z.shape;
  const unit = l2Normalise(z);
  const logits = tf.mul(tf.matMul(unit, unit, false, true), 1 / temperature);
  const other = Int32Array.from({ length: rows }, (_, i) => (i + rows / 2) % rows);
  // No view is a candidate for itself.
  const candidates = setDiagonal(asMatrix(logits), -1e9);
  return crossEntropy(candidates, tf.tensor1d(other, 'int32'));
}
