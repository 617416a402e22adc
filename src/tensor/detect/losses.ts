import { smoothL1 } from '../losses/smooth-l1.js';
import { tf } from '../tf.js';

/** Means over the boxes that a sample has. */
export interface DetectionLosses {
  /** Of what the boxes are taken for. */
  readonly classes: tf.Scalar;
  /** Of where the objects are, in those that stand for one. */
  readonly boxes: tf.Scalar;
}

/** What a region proposal network predicts, and what it should. */
export interface ProposalStep {
  /** (b, n) */
  readonly logits: tf.Tensor2D;
  /** (b, n, 4), and what it should be where `label` is 1. */
  readonly predicted: tf.Tensor3D;
  readonly targets: tf.Tensor3D;
  /** (b, n): 1 for boxes that stand for an object. */
  readonly label: tf.Tensor2D;
  /** (b, n): 1 for boxes that are sampled. */
  readonly mask: tf.Tensor2D;
}

/**
 * Losses of a region proposal network, divided by the number of sampled boxes: binary cross-entropy of the
 * logits, and smooth L1 of the predictions, the sum over the four, of those that stand for objects.
 * `beta`: 0 in detectron2, 1/9 in torchvision.
 */
export function proposalLosses(
  { logits, predicted, targets, label, mask }: ProposalStep,
  beta: number,
): DetectionLosses {
  const count = tf.maximum(tf.sum(mask), 1);
  const positive = tf.cast(tf.equal(label, 1), 'float32');
  // max(x, 0) - x y + log(1 + exp(-|x|)) = softplus(x) - x y
  const entropy = tf.sub(tf.softplus(logits), tf.mul(logits, positive));
  return {
    classes: tf.div(tf.sum(tf.mul(entropy, mask)), count),
    boxes: boxLoss(tf.sub(predicted, targets), tf.mul(positive, mask), count, beta),
  };
}

/** What the head predicts of proposals, and what it should. */
export interface HeadStep {
  /** (r, classes + 1); the last is that of no object. */
  readonly logits: tf.Tensor2D;
  /** (r, classes, 4): a prediction for each class. */
  readonly predicted: tf.Tensor3D;
  /** (r, 4), where there is an object. */
  readonly targets: tf.Tensor2D;
  /** (r), int32: the class, or `classes` for none. */
  readonly label: tf.Tensor1D;
  /** (r): 1 for proposals that are sampled. */
  readonly there: tf.Tensor1D;
}

/**
 * Losses of the head, divided by the number of sampled proposals: cross-entropy of the classes, and smooth
 * L1 of the predictions for the right class, the sum over the four. `beta`: 0 in detectron2, 1/9 in
 * torchvision.
 */
export function headLosses(
  { logits, predicted, targets, label, there }: HeadStep,
  beta: number,
): DetectionLosses {
  const classes = predicted.shape[1];
  const count = tf.maximum(tf.sum(there), 1);
  const right = tf.oneHot(label, classes + 1) as tf.Tensor2D; // (r, classes + 1)
  const entropy = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), right), 1));
  const ofClass = tf.slice(right, [0, 0], [-1, classes]); // without that of no object
  const chosen = tf.sum(tf.mul(predicted, tf.expandDims(ofClass, -1)), 1);
  const isObject = tf.cast(tf.less(label, classes), 'float32');
  return {
    classes: tf.div(tf.sum(tf.mul(entropy, there)), count),
    boxes: boxLoss(tf.sub(chosen, targets), tf.mul(isObject, there), count, beta),
  };
}

/** Differences (…, 4) where `positive` (…) is 1. */
function boxLoss(
  difference: tf.Tensor,
  positive: tf.Tensor,
  count: tf.Tensor,
  beta: number,
): tf.Scalar {
  const each = tf.sum(smoothL1(difference, beta), -1);
  return tf.div(tf.sum(tf.mul(each, positive)), count);
}
