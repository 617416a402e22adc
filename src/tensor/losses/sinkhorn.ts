import { asMatrix } from '../as-rank.js';
import { tf } from '../tf.js';

/**
 * Assignments (n, k) of n samples to k prototypes by scores (n, k): exp(score / epsilon), made such that each
 * prototype has the same share and each sample's row sums to 1, by turns, `iterations` times. No
 * gradient flows through it. Samples that are not `present` (n, 1), 0 or 1, count as none: rows of 0.
 *
 * Source: facebookresearch/swav@06b1b7c main_swav.py, distributed_sinkhorn. The largest score is subtracted
 * first, which changes nothing but that exp does not overflow; a prototype that no sample comes near, by
 * float32's range, is given none.
 */
export function sinkhorn(
  scores: tf.Tensor2D,
  rules: { readonly epsilon: number; readonly iterations: number },
  present?: tf.Tensor2D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const raised = tf.exp(tf.div(tf.sub(scores, tf.max(scores)), rules.epsilon));
    let q: tf.Tensor = present === undefined ? raised : tf.mul(raised, present);
    for (let i = 0; i < rules.iterations; i++) {
      q = tf.divNoNan(q, tf.sum(q, 0, true));
      q = tf.divNoNan(q, tf.sum(q, 1, true));
    }
    return asMatrix(q);
  });
}
