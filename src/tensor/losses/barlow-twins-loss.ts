import { asScalar } from '../as-rank.js';
import { batchNorm1d } from '../layers/batch-norm.js';
import { tf } from '../tf.js';

/** The terms of Barlow Twins. */
export interface CrossCorrelation {
  /** sum_j (C_jj - 1)^2, from 0: each feature alike in both views. */
  readonly invariance: tf.Scalar;
  /** sum_{j != k} C_jk^2, from 0: different features uncorrelated. */
  readonly redundancy: tf.Scalar;
}

/**
 * How far the cross-correlation matrix C (d, d) of the embeddings x, y (n, d) of two views is from the
 * identity (Zbontar et al. 2021, arXiv:2103.03230, equations 1 and 2; facebookresearch/barlowtwins@8e8d284
 * main.py): C = standard(x)^T standard(y) / n, standardised over the batch by the biased variance + 1e-5.
 * Needs n of at least 2.
 */
export function crossCorrelation(x: tf.Tensor2D, y: tf.Tensor2D): CrossCorrelation {
  const [n, d] = x.shape;
  const [a, b] = [batchNorm1d(x), batchNorm1d(y)];
  const diagonal = tf.div(tf.sum(tf.mul(a, b), 0), n);
  const among = tf.sum(tf.square(diagonal));
  // |A^T B|^2 is <A A^T, B B^T>, of (n, n) where there are more features than images. Features are of the
  // same spread, so the diagonal is then at most n of n + (d - n) at least: nothing cancels that counts.
  const all =
    d <= 2 * n
      ? tf.sum(tf.square(tf.matMul(a, b, true, false)))
      : tf.sum(tf.mul(tf.matMul(a, a, false, true), tf.matMul(b, b, false, true)));
  return {
    invariance: asScalar(tf.sum(tf.squaredDifference(diagonal, 1))),
    redundancy: asScalar(tf.sub(tf.div(all, n * n), among)),
  };
}
