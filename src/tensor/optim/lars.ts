import { tf } from '../tf.js';
import { normsOf } from './norms.js';

/** How weights, gradients and decay make a trust ratio; see {@link trustRatios}. */
export interface TrustRules {
  readonly eta: number;
  readonly decay: number;
  /**
   * `sum`: by the norm of gradient and decay together; `apart`: by the sum of the two norms, with
   * 1e-8 added, and no step at all where the gradient is 0.
   */
  readonly norm: 'sum' | 'apart';
  /** Divide the ratio by this learning rate, and let it be at most 1; none: leave it. */
  readonly clipTo: tf.Scalar | undefined;
}

/** A weight with its gradient. */
export interface Weighed {
  readonly weight: tf.Tensor;
  readonly gradient: tf.Tensor;
}

/**
 * LARS's steps of each weight p with gradient g: q (g + decay p), where the trust ratio q makes the step
 * as long as a share `eta` of the weight (You, Gitman, Ginsburg 2017, arXiv:1708.03888, equation 6):
 *
 *   sum:    q = eta |p| / |g + decay p|,               1 where either norm is 0
 *   apart:  q = eta |p| / (|g| + decay |p| + 1e-8),    1 where |p| is 0, 0 where |g| is 0
 *
 * A few native calls for each weight; the ratios of all of them are one vector.
 */
export function trustedSteps(weighed: readonly Weighed[], rules: TrustRules): tf.Tensor[] {
  if (weighed.length === 0) return [];
  return tf.tidy(() => {
    const decayed = weighed.map(({ weight, gradient }) =>
      rules.decay === 0 ? gradient : tf.add(gradient, tf.mul(weight, rules.decay)),
    );
    const ratios = tf.unstack(trustRatios(weighed, decayed, rules));
    return decayed.map((step, index) => tf.mul(step, ratios[index] ?? 1));
  });
}

function trustRatios(
  weighed: readonly Weighed[],
  decayed: readonly tf.Tensor[],
  { eta, decay, norm, clipTo }: TrustRules,
): tf.Tensor {
  const weights = normsOf(weighed.map(({ weight }) => weight));
  const steps = normsOf(norm === 'sum' ? decayed : weighed.map(({ gradient }) => gradient));
  const below = norm === 'sum' ? steps : tf.add(tf.add(steps, tf.mul(weights, decay)), 1e-8);
  const ratios = tf.div(tf.mul(weights, eta), below);
  const clipped = clipTo === undefined ? ratios : tf.minimum(tf.div(ratios, clipTo), 1);
  const one = tf.onesLike(ratios);
  const still = norm === 'sum' ? one : tf.zerosLike(ratios);
  return tf.where(tf.greater(weights, 0), tf.where(tf.greater(steps, 0), clipped, still), one);
}
