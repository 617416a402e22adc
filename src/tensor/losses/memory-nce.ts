import { tf } from '../tf.js';

/** Cosines of queries with rows of a memory. */
export interface MemoryCosines {
  /** (n, 1): with a query's own row. */
  readonly own: tf.Tensor;
  /** (n, m): with m others. */
  readonly others: tf.Tensor;
  /** (n, m): 0 where the other is the own row after all, and does not count; else 1. */
  readonly counted: tf.Tensor;
}

/**
 * Noise-contrastive estimation of queries among `pairs` rows of a memory, of which m were drawn as noise:
 * with h = exp(cosine / t) / partition, the mean over queries of
 *
 *   -log( h_own / (h_own + m / pairs) ) - sum over noise of log( (m / pairs) / (h + m / pairs) )
 *
 * Source: Gutmann and Hyvärinen 2010; facebookresearch/vissl@09270ed vissl/losses/nce_loss.py, NCECriterion, without its
 * 1.2e-7 beside m / pairs.
 */
export function memoryNce(
  { own, others, counted }: MemoryCosines,
  {
    temperature,
    partition,
    pairs,
  }: { readonly temperature: number; readonly partition: tf.Tensor; readonly pairs: number },
): tf.Scalar {
  const [n = 0, m = 0] = others.shape;
  const noise = tf.log(tf.mul(partition, m / pairs));
  const against = (cosines: tf.Tensor): tf.Tensor => tf.sub(tf.div(cosines, temperature), noise);
  const positive = tf.sum(tf.softplus(tf.neg(against(own))));
  const negative = tf.sum(tf.mul(tf.softplus(against(others)), counted));
  return tf.div<tf.Scalar>(tf.add(positive, negative), n);
}

/** What the partition is taken for: `pairs` times the mean of exp(cosine / t). */
export function estimatedPartition(
  { own, others, counted }: MemoryCosines,
  temperature: number,
  pairs: number,
): tf.Tensor {
  const exp = (cosines: tf.Tensor): tf.Tensor => tf.exp(tf.div(cosines, temperature));
  const total = tf.add(tf.sum(exp(own)), tf.sum(tf.mul(exp(others), counted)));
  const count = tf.add(tf.sum(counted), own.shape[0] ?? 0);
  return tf.mul(tf.div(total, count), pairs);
}
