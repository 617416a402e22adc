import { tf } from '../tf.js';
import { l2Normalise } from './l2-normalise.js';

/**
 * BYOL's distance of predictions p to targets z, each (n, d), in one direction: the mean over the batch
 * of |p / |p| - z / |z||^2 = 2 - 2 cos(p, z), from 0 to 4 (Grill et al. 2020, arXiv:2006.07733,
 * equation 2; google-deepmind/deepmind-research@4822a45 byol/utils/helpers.py, regression_loss).
 */
export function byolLoss(p: tf.Tensor2D, z: tf.Tensor2D): tf.Scalar {
  const distances = tf.sum(tf.squaredDifference(l2Normalise(p), l2Normalise(z)), 1);
  return tf.mean(distances);
}
