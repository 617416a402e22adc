import { asMatrix } from './as-rank.js';
import { setDiagonal } from './set-diagonal.js';
import { tf } from './tf.js';

/** Weights of VICReg's three terms. */
export interface VicregWeights {
  readonly invariance: number;
  readonly variance: number;
  readonly covariance: number;
}

/**
 * VICReg of the embeddings x, y (n, d) of two views (Bardes, Ponce, LeCun 2022, arXiv:2105.04906,
 * equations 1 to 6, with the factors of facebookresearch/vicreg@4e12602 main_vicreg.py):
 *
 *   invariance mean((x - y)^2) + variance (spread(x) + spread(y)) / 2 + covariance (cov(x) + cov(y))
 *   spread(x) = mean_j max(0, 1 - sqrt(var_j + 1e-4)),   cov(x) = sum_{j != k} C_jk^2 / d
 *
 * with the unbiased variance and covariance matrix C (divided by n - 1). Needs n of at least 2.
 */
export function vicregLoss(x: tf.Tensor2D, y: tf.Tensor2D, weights: VicregWeights): tf.Scalar {
  const distance = tf.mean(tf.squaredDifference(x, y));
  const a = regularisers(x);
  const b = regularisers(y);
  const spread = tf.mul(tf.add(a.spread, b.spread), 0.5);
  const covariance = tf.add(a.covariance, b.covariance);
  return tf
    .addN([
      tf.mul(distance, weights.invariance),
      tf.mul(spread, weights.variance),
      tf.mul(covariance, weights.covariance),
    ])
    .asScalar();
}

function regularisers(x: tf.Tensor2D): { spread: tf.Tensor; covariance: tf.Tensor } {
  const [n, d] = x.shape;
  const centred = asMatrix(tf.sub(x, tf.mean(x, 0, true)));
  // tf.moments divides by n; torch's var by n - 1.
  const variance = tf.div(tf.sum(tf.square(centred), 0), n - 1);
  const spread = tf.mean(tf.relu(tf.sub(1, tf.sqrt(tf.add(variance, 1e-4)))));
  return { spread, covariance: tf.div(offDiagonalSquares(centred, variance, n, d), d) };
}

/**
 * Sum of the squared covariances. Where d > n the (n, n) products of images have the same sum of
 * squares as the (d, d) covariances and are far fewer; the variances then are a small part of that
 * sum, so subtracting them costs no accuracy.
 */
function offDiagonalSquares(
  centred: tf.Tensor2D,
  variance: tf.Tensor,
  n: number,
  d: number,
): tf.Tensor {
  if (d <= n) {
    const covariances = tf.div(tf.matMul(centred, centred, true, false), n - 1);
    return tf.sum(tf.square(setDiagonal(asMatrix(covariances), 0)));
  }
  const products = tf.div(tf.matMul(centred, centred, false, true), n - 1);
  return tf.sub(tf.sum(tf.square(products)), tf.sum(tf.square(variance)));
}
