import { tf } from '../tf.js';

/**
 * How far features (n, d) point in different directions: the standard deviation over the batch of
 * features scaled to length 1, averaged over d and times √d. 0 when all are the same (collapse), 1
 * when they point everywhere alike.
 *
 * Source: Chen, He 2021, arXiv:2011.10566, figure 2 (there without √d).
 */
export function featureSpread(features: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const length = tf.sqrt(tf.sum(tf.square(features), 1, true));
    const unit = tf.div(features, tf.maximum(length, 1e-12));
    const { variance } = tf.moments(unit, 0); // (d)
    const spread = tf.mul(tf.mean(tf.sqrt(variance)), Math.sqrt(features.shape[1]));
    return tf.reshape<tf.Rank.R0>(spread, []);
  });
}
