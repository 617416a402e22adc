import { rowsOfEach } from '../rows-at.js';
import { tf } from '../tf.js';
import { type BoxWeights, encodeBoxes } from './boxes.js';

/** From which overlap on a box stands for an object, and below which for none. */
export interface Matching {
  readonly high: number;
  readonly low: number;
  /** The boxes that overlap with an object most stand for one, too, however little that is. */
  readonly best: boolean;
}

/** What boxes stand for. */
export interface Matches {
  /** (b, n), int32: the object that each overlaps with most. */
  readonly object: tf.Tensor2D;
  /** (b, n): 1 for a box that stands for its object, 0 for one that stands for none, -1 between. */
  readonly label: tf.Tensor2D;
}

/**
 * Finds the object of each box by their overlaps (b, objects, n); `there` (b, objects) is 1 for objects
 * and 0 for what fills up. As `Matcher` in detectron2 and torchvision.
 */
export function matchBoxes(
  overlaps: tf.Tensor3D,
  there: tf.Tensor2D,
  { high, low, best }: Matching,
): Matches {
  const [object, label] = tf.tidy(() => {
    const isReal = tf.broadcastTo(tf.expandDims(tf.greater(there, 0), -1), overlaps.shape);
    // Below every overlap where there is no object.
    const known = tf.where(isReal, overlaps, tf.fill(overlaps.shape, -1));
    const most = tf.max<tf.Tensor2D>(known, 1);
    const isObject = tf.greaterEqual(most, high);
    const isBest = tf.logicalAnd(tf.equal(known, tf.max(known, 2, true)), isReal);
    const positive = best ? tf.logicalOr(isObject, tf.any(isBest, 1)) : isObject;
    const between = tf.sub(tf.cast(tf.less(most, low), 'float32'), 1);
    return [
      tf.argMax<tf.Tensor2D>(known, 1),
      tf.where(positive, tf.onesLike(most), between) as tf.Tensor2D,
    ] as const;
  });
  return { object, label };
}

/**
 * What has to be predicted for boxes (b, n, 4) or (n, 4), which have an area, to become the objects (b, objects, 4) that they stand for:
 * (b, n, 4), zeros where they stand for none.
 */
export function targetsOf(
  { object, label }: Matches,
  boxes: tf.Tensor,
  objects: tf.Tensor3D,
  weights: BoxWeights,
): tf.Tensor3D {
  return tf.tidy(() => {
    const matched = rowsOfEach(objects, object);
    const isObject = tf.broadcastTo(tf.expandDims(tf.equal(label, 1), -1), matched.shape);
    const own = tf.where(isObject, matched, boxes);
    return encodeBoxes(own, boxes, weights) as tf.Tensor3D; // of the shape of what is matched
  });
}
