import { asVector } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/**
 * Mean cross-entropy of logits (n, classes) and labels (n), int32: the mean over rows of
 * log(sum_j exp(logits_j)) - logits_label. One native op gives the loss and its gradient.
 */
export const crossEntropy = (logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar =>
  tf.mean<tf.Scalar>(crossEntropies(logits, labels));

/** The same of each row (n), for means over some. */
export function crossEntropies(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const attrs = { T: attr.type('float32'), Tlabels: attr.type('int32') };
  const op = 'SparseSoftmaxCrossEntropyWithLogits';
  const [losses, backprop] = native(op, [logits, labels], attrs, 2);
  return attachGradient(asVector(losses), {
    inputs: [logits],
    save: [backprop],
    backward: (dy, [gradient = backprop]) => [
      tf.tidy(() => tf.mul(gradient, tf.expandDims(dy, 1))),
    ],
  });
}
