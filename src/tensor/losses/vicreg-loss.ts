import { asMatrix } from '../as-rank.js';
import { sortColumns } from '../sort-columns.js';
import { tf } from '../tf.js';
import { setDiagonal } from './set-diagonal.js';

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
  return weighted(vicregTerms(x, y), weights);
}

/** VICReg's terms, before their weights: those of {@link vicregLoss}. */
export interface VicregTerms {
  readonly invariance: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly covariance: tf.Tensor;
}

/** The terms of {@link vicregLoss}. */
export function vicregTerms(x: tf.Tensor2D, y: tf.Tensor2D): VicregTerms {
  const invariance = tf.mean(tf.squaredDifference(x, y));
  const a = regularisers(x);
  const b = regularisers(y);
  return {
    invariance,
    variance: tf.mul(tf.add(a.spread, b.spread), 0.5),
    covariance: tf.add(a.covariance, b.covariance),
  };
}

/** The sum of the terms, each times its weight. */
export function weighted(terms: VicregTerms, weights: VicregWeights): tf.Scalar {
  return tf
    .addN([
      tf.mul(terms.invariance, weights.invariance),
      tf.mul(terms.variance, weights.variance),
      tf.mul(terms.covariance, weights.covariance),
    ])
    .asScalar();
}

function regularisers(x: tf.Tensor2D): { spread: tf.Tensor; covariance: tf.Tensor } {
  const [n, d] = x.shape;
  const near = tf.sub(x, tf.mean(x, 0, true));
  // Once more: the mean of large numbers is rounded by more than what is left may be.
  const centred = tf.sub(near, tf.mean(near, 0, true));
  // So that products are covariances; torch's var divides by n - 1 (tf.moments by n). A division after the products would make
  // TensorFlow give its optimisation of a compiled step up: where it moves constants past one another it makes a circle.
  const scaled = asMatrix(tf.div(centred, Math.sqrt(n - 1)));
  const variance = tf.sum(tf.square(scaled), 0);
  const spread = tf.mean(tf.relu(tf.sub(1, tf.sqrt(tf.add(variance, 1e-4)))));
  return { spread, covariance: tf.div(offDiagonalSquares(scaled, variance), d) };
}

/**
 * Sum of the squared covariances of different features of x (n, d): (d, d) products where d <= 2 n. With more
 * features, all sums of squares but one are taken as they stand, and that one by the (n, n) products
 * of images, which have the same sum of squares and are far fewer; from it the squared variances have
 * to be subtracted. So the n features that vary most are kept out of it: n + m vectors in n - 1
 * dimensions have too much in common for the variances of the others to be nearly all of the sum
 * (Welch 1974), however wide a feature is.
 */
function offDiagonalSquares(x: tf.Tensor2D, variance: tf.Tensor): tf.Tensor {
  const [n, d] = x.shape;
  if (d <= 2 * n) return squaresAmong(x);
  const sorted = sortColumns(x, variance);
  const wide = asMatrix(tf.slice(sorted, [0, 0], [n, n]));
  const rest = asMatrix(tf.slice(sorted, [0, n], [n, d - n]));
  const between = tf.mul(squaresOf(tf.matMul(wide, rest, true)), 2);
  const products = tf.matMul(rest, rest, false, true);
  const variances = tf.sum(tf.square(rest), 0);
  const amongRest = tf.sub(squaresOf(products), squaresOf(variances));
  return tf.addN([squaresAmong(wide), between, amongRest]);
}

const squaresAmong = (x: tf.Tensor2D): tf.Tensor =>
  squaresOf(setDiagonal(asMatrix(tf.matMul(x, x, true)), 0));

const squaresOf = (tensor: tf.Tensor): tf.Tensor => tf.sum(tf.square(tensor));
