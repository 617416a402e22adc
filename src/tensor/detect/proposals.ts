import { rowsAt, rowsOfEach } from '../rows-at.js';
import { tf } from '../tf.js';
import { clipBoxes, decodeBoxes } from './boxes.js';
import { suppress } from './suppress.js';

/** How many boxes become proposals. */
export interface Proposing {
  /** Boxes of an image with the highest scores that are looked at. */
  readonly before: number;
  /** Proposals of an image. */
  readonly after: number;
  /** Of those that overlap by more one is left. */
  readonly overlap: number;
  /** Narrower and lower ones are left out, in pixels. */
  readonly leastSide: number;
}

/** Where objects may be. */
export interface Proposals {
  /** (b, after, 4); zeros behind the last. */
  readonly boxes: tf.Tensor3D;
  /** (b, after): 1 for a proposal. */
  readonly there: tf.Tensor2D;
}

/**
 * Proposals of a region proposal network: logits (b, n) and predictions (b, n, 4) for `anchors` (n, 4), in
 * images of heights and widths `extents` (b, 2). No gradient flows through it.
 */
export function propose(
  logits: tf.Tensor2D,
  predicted: tf.Tensor3D,
  anchors: tf.Tensor2D,
  extents: tf.Tensor2D,
  { before, after, overlap, leastSide }: Proposing,
): Proposals {
  const [b, n] = logits.shape;
  const [boxes, there] = tf.tidy(() => {
    const { values, indices } = tf.topk(logits, Math.min(before, n));
    const at = indices as tf.Tensor2D; // of the rank of the logits
    const all = tf.broadcastTo(tf.expandDims(anchors, 0), [b, n, 4]) as tf.Tensor3D;
    const decoded = decodeBoxes(rowsOfEach(predicted, at), rowsOfEach(all, at), [1, 1, 1, 1]);
    const clipped = clipBoxes(decoded as tf.Tensor3D, extents);
    const sides = tf.sub(
      tf.slice(clipped, [0, 0, 2], [-1, -1, 2]),
      tf.slice(clipped, [0, 0, 0], [-1, -1, 2]),
    );
    const large = tf.greaterEqual(tf.min(sides, -1), leastSide);
    const scores = tf.where(large, values, tf.fill(values.shape, Number.NEGATIVE_INFINITY));
    const kept = Array.from({ length: b }, (_, image) => {
      const of = tf.squeeze(tf.slice(clipped, [image, 0, 0], [1, -1, -1]), [0]) as tf.Tensor2D;
      const score = tf.squeeze(tf.slice(scores, [image, 0], [1, -1]), [0]) as tf.Tensor1D;
      const { rows, there } = suppress(of, score, { overlap, most: after });
      return { boxes: tf.mul(rowsAt(of, rows), tf.expandDims(there, -1)), there };
    });
    return [
      tf.stack(kept.map(({ boxes }) => boxes)) as tf.Tensor3D,
      tf.stack(kept.map(({ there }) => there)) as tf.Tensor2D,
    ] as const;
  });
  return { boxes, there };
}
