import { tf } from '../tf.js';

/*
 * Boxes are (…, 4): left, top, right, bottom, in pixels, the last ones not included. Any axes may stand
 * before; those of two arguments broadcast.
 */

/** Factors of the differences in x, y, width and height: 1, 1, 1, 1 of proposals, 10, 10, 5, 5 of the head. */
export type BoxWeights = readonly [x: number, y: number, width: number, height: number];

/** An image is at most that much larger than what was foreseen: widths grow by no more than 1000 / 16. */
const mostGrowth = Math.log(1000 / 16);

interface Sides {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly width: tf.Tensor;
  readonly height: tf.Tensor;
}

/** Centre and sides of boxes, (…) each. */
function sidesOf(boxes: tf.Tensor): Sides {
  const [left = boxes, top = boxes, right = boxes, bottom = boxes] = tf.unstack(boxes, -1);
  const width = tf.sub(right, left);
  const height = tf.sub(bottom, top);
  return {
    x: tf.add(left, tf.mul(width, 0.5)),
    y: tf.add(top, tf.mul(height, 0.5)),
    width,
    height,
  };
}

/** What has to be predicted for `anchors` (…, 4) to become `boxes` (…, 4), which have an area: (…, 4). */
export function encodeBoxes(boxes: tf.Tensor, anchors: tf.Tensor, weights: BoxWeights): tf.Tensor {
  return tf.tidy(() => {
    const [to, from] = [sidesOf(boxes), sidesOf(anchors)];
    const differences = [
      tf.div(tf.sub(to.x, from.x), from.width),
      tf.div(tf.sub(to.y, from.y), from.height),
      tf.log(tf.div(to.width, from.width)),
      tf.log(tf.div(to.height, from.height)),
    ];
    return tf.mul(tf.stack(differences, -1), tf.tensor1d([...weights]));
  });
}

/** The boxes that predictions (…, 4) make of `anchors` (…, 4): undoes {@link encodeBoxes}. */
export function decodeBoxes(
  predicted: tf.Tensor,
  anchors: tf.Tensor,
  weights: BoxWeights,
): tf.Tensor {
  return tf.tidy(() => {
    const from = sidesOf(anchors);
    const scaled = tf.div(predicted, tf.tensor1d([...weights]));
    const [dx = scaled, dy = scaled, dw = scaled, dh = scaled] = tf.unstack(scaled, -1);
    const x = tf.add(tf.mul(dx, from.width), from.x);
    const y = tf.add(tf.mul(dy, from.height), from.y);
    const halfWidth = tf.mul(tf.mul(tf.exp(tf.minimum(dw, mostGrowth)), from.width), 0.5);
    const halfHeight = tf.mul(tf.mul(tf.exp(tf.minimum(dh, mostGrowth)), from.height), 0.5);
    const corners = [
      tf.sub(x, halfWidth),
      tf.sub(y, halfHeight),
      tf.add(x, halfWidth),
      tf.add(y, halfHeight),
    ];
    return tf.stack(corners, -1);
  });
}

/** Boxes (b, n, 4) cut off at the edges of their images, whose heights and widths are `extents` (b, 2). */
export function clipBoxes(boxes: tf.Tensor3D, extents: tf.Tensor2D): tf.Tensor3D {
  return tf.tidy(() => {
    const [height = extents, width = extents] = tf.unstack(extents, -1);
    const most = tf.expandDims(tf.stack([width, height, width, height], -1), 1);
    return tf.minimum<tf.Tensor3D>(tf.maximum(boxes, 0), most);
  });
}

/** Intersection over union of all boxes (…, n, 4) with all others (…, m, 4): (…, n, m). */
export function overlapsOf(boxes: tf.Tensor, others: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const [left = boxes, top = boxes, right = boxes, bottom = boxes] = tf.unstack(
      tf.expandDims(boxes, -2),
      -1,
    );
    const [l = others, t = others, r = others, b = others] = tf.unstack(
      tf.expandDims(others, -3),
      -1,
    );
    const width = tf.maximum(tf.sub(tf.minimum(right, r), tf.maximum(left, l)), 0);
    const height = tf.maximum(tf.sub(tf.minimum(bottom, b), tf.maximum(top, t)), 0);
    const both = tf.mul(width, height);
    const area = tf.mul(tf.sub(right, left), tf.sub(bottom, top));
    const other = tf.mul(tf.sub(r, l), tf.sub(b, t));
    return tf.divNoNan(both, tf.sub(tf.add(area, other), both));
  });
}
