import { asMatrix, asScalar } from '../as-rank.js';
import { tf } from '../tf.js';
import { withoutGradient } from '../without-gradient.js';
import { l2Normalise } from './l2-normalise.js';
import { setDiagonal } from './set-diagonal.js';

/** The loss, and what it is watched by: mean cosines with positives and with negatives, and positives of a view. */
export interface SupCon {
  readonly loss: tf.Scalar;
  readonly watch: {
    readonly positive: tf.Scalar;
    readonly negative: tf.Scalar;
    readonly positives: tf.Scalar;
  };
}

/**
 * Supervised contrastive loss of projections z (m, d) with labels (m), int32 (Khosla et al. 2020,
 * arXiv:2004.11362, equation 2, L_out, as the mean over all m):
 *
 *   mean_i -1 / |P(i)| sum_{p in P(i)} log( exp(s_ip / t) / sum_{k != i} exp(s_ik / t) )
 *
 * with cosines s and P(i) all others of i's label. One without positives adds 0 and counts in the mean, as
 * in HobbitLong/SupContrast@66a8fe5 losses.py.
 */
export function supConLoss(z: tf.Tensor2D, labels: tf.Tensor1D, temperature: number): SupCon {
  const unit = l2Normalise(z);
  const cosines = asMatrix(tf.matMul(unit, unit, false, true));
  // No view is a candidate for itself.
  const candidates = setDiagonal(asMatrix(tf.div(cosines, temperature)), -1e9);
  const same = tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0)).asType('float32');
  const mask = setDiagonal(asMatrix(same), 0);
  const counts = tf.sum(mask, 1);
  const likelihoods = tf.sum(tf.mul(mask, tf.logSoftmax(candidates)), 1);
  const scalar = (compute: () => tf.Tensor): tf.Scalar =>
    withoutGradient(() => asScalar(compute()));
  const share = (of: tf.Tensor): tf.Tensor =>
    tf.div(tf.sum(tf.mul(cosines, of)), tf.maximum(tf.sum(of), 1));
  return {
    loss: tf.neg(tf.mean<tf.Scalar>(tf.div(likelihoods, tf.maximum(counts, 1)))),
    watch: {
      positive: scalar(() => share(mask)),
      negative: scalar(() => share(tf.sub(1, same))),
      positives: scalar(() => tf.mean(counts)),
    },
  };
}
