import { asMatrix, asRank3, asVector } from '../as-rank.js';
import type { NetworkParts } from '../networks/resnet.js';
import { rowsAt } from '../rows-at.js';
import { tf } from '../tf.js';
import { clipBoxes, decodeBoxes } from './boxes.js';
import {
  type Canvases,
  type DetectorShape,
  type DetectorWeights,
  headOf,
  headWeights,
  regionsOf,
} from './faster-rcnn.js';
import { type Proposing, propose } from './proposals.js';
import { suppress } from './suppress.js';

/** What is taken of what a detector says of an image. */
export interface Detecting {
  readonly proposing: Proposing;
  /** Boxes with a probability up to this are none. */
  readonly least: number;
  /** Of those of a class that overlap by more one is left. */
  readonly overlap: number;
  /** The most of an image. */
  readonly most: number;
}

/** What a detector finds in each image: `most` rows, the highest score first. */
export interface Found {
  /** (b, most, 4), in pixels of the canvas. */
  readonly boxes: tf.Tensor3D;
  /** (b, most): probabilities; 0 where there is no more. */
  readonly scores: tf.Tensor2D;
  /** (b, most), int32 */
  readonly classes: tf.Tensor2D;
}

/** Detects objects as detectron2's `FastRCNNOutputLayers` does: batch norm by running statistics. */
export function detectionsOf(
  parts: NetworkParts,
  shape: DetectorShape,
  weights: DetectorWeights,
  { x, extents }: Canvases,
  options: Detecting,
): Found {
  const { features, anchors, logits, predicted } = regionsOf(parts, shape, weights, x);
  const proposals = propose(logits, predicted, anchors, extents, options.proposing);
  const head = headOf(parts, shape, weights, { features, boxes: proposals.boxes });
  const [b, n] = proposals.there.shape;
  const all = tf.softmax(head.logits);
  const probabilities = asRank3(tf.reshape(all, [b, n, shape.classes + 1]));
  const each = tf.reshape(head.predicted, [b, n, shape.classes, 4]);
  const images = Array.from({ length: b }, (_, image) => {
    const of = <T extends tf.Tensor>(x: T): tf.Tensor => tf.squeeze(tf.slice(x, [image], [1]), [0]);
    const boxes = decodeBoxes(of(each), tf.expandDims(of(proposals.boxes), 1), headWeights);
    const extent = tf.slice(extents, [image], [1]);
    return bestOf(asRank3(boxes), asMatrix(of(probabilities)), asVector(of(proposals.there)), {
      ...options,
      extent: asMatrix(extent),
    });
  });
  return {
    boxes: asRank3(tf.stack(images.map(({ boxes }) => boxes))),
    scores: asMatrix(tf.stack(images.map(({ scores }) => scores))),
    classes: asMatrix(tf.stack(images.map(({ classes }) => classes))),
  };
}

/** The best boxes of an image: of each class (n, classes, 4) suppressed by itself, then of all. */
function bestOf(
  boxes: tf.Tensor3D,
  probabilities: tf.Tensor2D,
  there: tf.Tensor1D,
  { least, overlap, most, extent }: Detecting & { readonly extent: tf.Tensor2D },
) {
  const [n, count] = boxes.shape;
  const kept = Array.from({ length: count }, (_, number) => {
    const own = tf.reshape(tf.slice(boxes, [0, number, 0], [-1, 1, -1]), [1, n, 4]);
    const clipped = asMatrix(tf.squeeze(clipBoxes(asRank3(own), extent), [0]));
    const p = tf.reshape(tf.slice(probabilities, [0, number], [-1, 1]), [n]);
    const isFound = tf.logicalAnd(tf.greater(p, least), tf.greater(there, 0));
    const scores = asVector(tf.where(isFound, p, tf.fill([n], Number.NEGATIVE_INFINITY)));
    const { rows, there: isKept } = suppress(clipped, scores, { overlap, most });
    const score = tf.reshape(rowsAt(asMatrix(tf.reshape(p, [n, 1])), rows), [most]);
    return {
      boxes: rowsAt(clipped, rows),
      scores: tf.mul(score, isKept),
      classes: tf.fill([most], number),
    };
  });
  const scores = tf.concat(kept.map(({ scores }) => scores));
  const { values, indices } = tf.topk(scores, most);
  const all = tf.concat(
    [
      tf.concat(kept.map(({ boxes }) => boxes)),
      tf.expandDims(tf.concat(kept.map(({ classes }) => classes)), -1),
    ],
    1,
  );
  const best = rowsAt(asMatrix(all), asVector(indices));
  return {
    boxes: tf.slice(best, [0, 0], [-1, 4]),
    scores: values,
    classes: tf.cast(tf.squeeze(tf.slice(best, [0, 4], [-1, 1]), [1]), 'int32'),
  };
}
