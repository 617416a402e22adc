import { tf } from '../tf.js';

/** Entropies in nats of distributions along the last axis: -sum p log p, where 0 log 0 is 0. */
export function entropy(distributions: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const logs = tf.log(tf.maximum(distributions, 1e-30));
    return tf.neg(tf.sum(tf.mul(distributions, logs), -1));
  });
}

/**
 * How many of k choices distributions (n, k) spread over together: exp of the entropy of their mean, from 1,
 * all the same one, to k.
 */
export function choicesUsed(distributions: tf.Tensor2D): tf.Tensor {
  return tf.tidy(() => tf.exp(entropy(tf.mean(distributions, 0))));
}
