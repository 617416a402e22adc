import { attachGradient } from '../attach-gradient.js';
import { tf } from '../tf.js';
import { softmaxCrossEntropyOfLabels } from './softmax-cross-entropy.js';

/**
 * Mean cross-entropy of logits (n, classes) and labels (n), int32: the mean over rows of
 * log(sum_j exp(logits_j)) - logits_label.
 */
export const crossEntropy = (logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar =>
  tf.mean<tf.Scalar>(crossEntropies(logits, labels));

/** The same of each row (n), for means over some. */
export function crossEntropies(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const [losses, backprop] = softmaxCrossEntropyOfLabels(logits, labels);
  return attachGradient(losses, {
    inputs: [logits],
    save: [backprop],
    backward: (dy, [gradient = backprop]) => [
      tf.tidy(() => tf.mul(gradient, tf.expandDims(dy, 1))),
    ],
  });
}
