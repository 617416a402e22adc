import { asVector } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { FlatGroup } from './flat-groups.js';
import { flatten, unflatten } from './flat-tensors.js';
import { normsOf } from './norms.js';

/** How weights, gradients and decay make a trust ratio; see {@link trustedSteps}. */
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

/**
 * LARS's steps of each weight p with gradient g: q (g + decay p), where the trust ratio q makes the step
 * as long as a share `eta` of the weight (You, Gitman, Ginsburg 2017, arXiv:1708.03888, equation 6):
 *
 *   sum:    q = eta |p| / |g + decay p|,               1 where either norm is 0
 *   apart:  q = eta |p| / (|g| + decay |p| + 1e-8),    1 where |p| is 0, 0 where |g| is 0
 *
 * Returns the steps of each group as one vector. Three native calls for each weight; the ratios of all of
 * them are one vector.
 */
export function trustedSteps(
  trained: NamedTensors,
  gradients: NamedTensors,
  groups: readonly FlatGroup[],
  rules: TrustRules,
): tf.Tensor1D[] {
  const names = groups.flatMap((group) => group.names);
  if (names.length === 0) return [];
  return tf.tidy(() => {
    const decayed = rules.decay === 0 ? gradients : withDecay(trained, gradients, groups, rules);
    const weights = normsOf(names.map((name) => pick(trained, name)));
    const measured = rules.norm === 'sum' ? decayed : gradients;
    const steps = normsOf(names.map((name) => pick(measured, name)));
    const ratios = tf.unstack(trustRatios(weights, steps, rules));
    const scaled = names.map((name, index) => [
      name,
      tf.mul(pick(decayed, name), ratios[index] ?? 1),
    ]);
    return groups.map((group) => flatten(Object.fromEntries(scaled), group.names));
  });
}

function withDecay(
  trained: NamedTensors,
  gradients: NamedTensors,
  groups: readonly FlatGroup[],
  { decay }: TrustRules,
): NamedTensors {
  const parts = groups.map(({ names }) => {
    const sum = tf.add(flatten(gradients, names), tf.mul(flatten(trained, names), decay));
    return unflatten(asVector(sum), trained, names);
  });
  return Object.assign({}, ...parts);
}

/** The ratios (k) of k weights by their norms and those of their steps. */
function trustRatios(
  weights: tf.Tensor1D,
  steps: tf.Tensor1D,
  { eta, decay, norm, clipTo }: TrustRules,
): tf.Tensor {
  const below = norm === 'sum' ? steps : tf.add(tf.add(steps, tf.mul(weights, decay)), 1e-8);
  const ratios = tf.div(tf.mul(weights, eta), below);
  const clipped = clipTo === undefined ? ratios : tf.minimum(tf.div(ratios, clipTo), 1);
  const one = tf.onesLike(ratios);
  const still = norm === 'sum' ? one : tf.zerosLike(ratios);
  return tf.where(tf.greater(weights, 0), tf.where(tf.greater(steps, 0), clipped, still), one);
}
