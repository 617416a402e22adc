import { invariant } from '../../base/errors.js';
import { asMatrix } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { tf } from '../tf.js';
import { withoutGradient } from '../without-gradient.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';

/**
 * Cross-entropies (n) of logits (n, k) and targets (n, k), distributions whose rows sum to 1:
 * -sum_j target_j log softmax(logits)_j for each row. No gradient flows into the targets.
 */
export function softCrossEntropies(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  const [losses, backprop] = softmaxCrossEntropy(logits, targets);
  return attachGradient(losses, {
    inputs: [logits],
    save: [backprop],
    backward: (dy, [gradient = backprop]) => [
      tf.tidy(() => tf.mul(gradient, tf.expandDims(dy, 1))),
    ],
  });
}

/**
 * The mean cross-entropy of all pairs of a target, of the first two views, and another view: of logits (views n, k)
 * and targets (2 n, k), view after view. A view that meets both targets meets their mean twice.
 */
export function pairCrossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  views: number,
): tf.Scalar {
  const goals = withoutGradient(() => {
    const [first, second] = tf.split(targets, 2);
    invariant(first && second, 'there are two targets');
    const both = tf.mul(tf.add(first, second), 0.5);
    const others = Array.from({ length: views - 2 }, () => both);
    return asMatrix(tf.concat([second, first, ...others]));
  });
  const losses = softCrossEntropies(logits, goals);
  const each = tf.mean(tf.reshape(losses, [views, -1]), 1);
  const pairs = 2 * (views - 1);
  const shares = Array.from({ length: views }, (_, view) => (view < 2 ? 1 : 2) / pairs);
  return tf.sum<tf.Scalar>(tf.mul(each, tf.tensor1d(shares)));
}
