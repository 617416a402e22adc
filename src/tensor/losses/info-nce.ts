import { asMatrix } from '../as-rank.js';
import { tf } from '../tf.js';
import { withoutGradient } from '../without-gradient.js';
import { crossEntropy } from './cross-entropy.js';

/** A contrastive loss, and what it is watched by. */
export interface Contrast {
  readonly loss: tf.Scalar;
  readonly watch: {
    /** Mean cosine of queries and their keys: alignment. */
    readonly positive: tf.Scalar;
    /** Mean cosine of queries and all others that they are compared with. */
    readonly negative: tf.Scalar;
    /** The share of queries that are nearest to their own key. */
    readonly accuracy: tf.Scalar;
    /** The loss as a share of that of a guess among all candidates. */
    readonly of_chance: tf.Scalar;
  };
}

/**
 * InfoNCE of queries (n, d) among the keys (n, d) of the batch, both of length 1: the mean over queries of
 *
 *   -log( exp(q_i k_i / t) / sum_j exp(q_i k_j / t) )
 *
 * (van den Oord et al. 2018, arXiv:1807.03748, equation 4).
 */
export function infoNce(queries: tf.Tensor2D, keys: tf.Tensor2D, temperature: number): Contrast {
  const [n] = queries.shape;
  const cosines = asMatrix(tf.matMul(queries, keys, false, true));
  const positives = withoutGradient(() => tf.sum(tf.mul(queries, keys)));
  return contrast(cosines, positives, tf.range(0, n, 1, 'int32'), temperature);
}

/**
 * InfoNCE of queries (n, d), each with one key (n, d) of its own, among the rows of a queue (m, d), all of
 * length 1: the key against m negatives (He et al. 2020, arXiv:1911.05722, equation 1).
 */
export function queueNce(
  queries: tf.Tensor2D,
  keys: tf.Tensor2D,
  queue: tf.Tensor2D,
  temperature: number,
): Contrast {
  const [n] = queries.shape;
  const own = tf.sum(tf.mul(queries, keys), 1, true);
  const cosines = asMatrix(tf.concat([own, tf.matMul(queries, queue, false, true)], 1));
  const positives = withoutGradient(() => tf.sum(own));
  return contrast(cosines, positives, tf.zeros([n], 'int32'), temperature);
}

/** Cosines (n, candidates) of queries, the sum of those to their own keys, and their places among the candidates. */
function contrast(
  cosines: tf.Tensor2D,
  positives: tf.Tensor,
  own: tf.Tensor1D,
  temperature: number,
): Contrast {
  const [n, candidates] = cosines.shape;
  const scalar = (compute: () => tf.Tensor): tf.Scalar =>
    withoutGradient(() => tf.reshape<tf.Rank.R0>(compute(), []));
  const others = n * Math.max(1, candidates - 1);
  const loss = crossEntropy(asMatrix(tf.div(cosines, temperature)), own);
  return {
    loss,
    watch: {
      positive: scalar(() => tf.div(positives, n)),
      negative: scalar(() => tf.div(tf.sub(tf.sum(cosines), positives), others)),
      accuracy: scalar(() => tf.mean(tf.cast(tf.equal(tf.argMax(cosines, 1), own), 'float32'))),
      of_chance: scalar(() => tf.div(loss, Math.log(candidates))),
    },
  };
}

/** What two directions of a loss are watched by: the means of both. */
export function meanWatch(a: Contrast['watch'], b: Contrast['watch']): Contrast['watch'] {
  const mean = (x: tf.Scalar, y: tf.Scalar): tf.Scalar => tf.mul(tf.add(x, y), 0.5);
  return {
    positive: mean(a.positive, b.positive),
    negative: mean(a.negative, b.negative),
    accuracy: mean(a.accuracy, b.accuracy),
    of_chance: mean(a.of_chance, b.of_chance),
  };
}
