import { asMatrix, asVector } from '../as-rank.js';
import { map, mul, reshape, sub, sumOfLast } from '../float-ops.js';
import { attr, native, nativeBackend } from '../native.js';
import { tf } from '../tf.js';

/** Losses (n), and the gradient (n, k) of each by its logits. They leave no trace on the tape. */
export type LossesOfLogits = readonly [losses: tf.Tensor1D, gradient: tf.Tensor2D];

/**
 * -sum_j target_j log softmax(logits)_j of logits (n, k) and targets (n, k) whose rows sum to 1.
 *
 * On the processor one native op. Its kernel for GPUs gives other bits each time, and refuses to run
 * where determinism is asked for: there the loss is made of its parts, as TensorFlow's Python does then.
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): LossesOfLogits {
  if (nativeBackend().isUsingGpuDevice) return ofParts(logits, targets);
  const op = 'SoftmaxCrossEntropyWithLogits';
  const [losses, gradient] = native(op, [logits, targets], { T: attr.type('float32') }, 2);
  return [asVector(losses), asMatrix(gradient)];
}

/** The same of labels (n), int32, which stand for targets with a one each. */
export function softmaxCrossEntropyOfLabels(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): LossesOfLogits {
  if (nativeBackend().isUsingGpuDevice) {
    const oneHot = tf.oneHot(labels, logits.shape[1], 1, 0, 'float32');
    return ofParts(logits, asMatrix(oneHot));
  }
  const attrs = { T: attr.type('float32'), Tlabels: attr.type('int32') };
  const op = 'SparseSoftmaxCrossEntropyWithLogits';
  const [losses, gradient] = native(op, [logits, labels], attrs, 2);
  return [asVector(losses), asMatrix(gradient)];
}

function ofParts(logits: tf.Tensor2D, targets: tf.Tensor2D): LossesOfLogits {
  const log = map('LogSoftmax', logits);
  const sums = sumOfLast(mul(targets, log));
  const losses = reshape(mul(sums, -1), [logits.shape[0]]);
  return [asVector(losses), asMatrix(sub(map('Exp', log), targets))];
}
