import { asRank4 } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { batchMatMul, reshape } from '../float-ops.js';
import { tf } from '../tf.js';
import { allWithoutGradient } from '../without-gradient.js';

/** How features are taken from boxes. */
export interface RoiAlign {
  /** Height and width of what is taken. */
  readonly size: number;
  /** Cells of the features for each pixel of the image: 1 / 16. */
  readonly scale: number;
  /**
   * Samples along each side of a bin; 0: as many as there are cells in it, rounded up (detectron2's
   * default), which holds for boxes that lie inside of the features.
   */
  readonly samples: number;
}

/**
 * Features (b, h, w, c) in boxes (b, n, 4): (b * n, size, size, c), each the mean of bilinear samples, with
 * half a cell's shift (`aligned=True` of torchvision, ROIAlignV2 of detectron2). Its gradient flows to the
 * features alone.
 *
 * A sample is a product of what it takes of rows and of columns, and so is their mean: each box has a
 * matrix for rows and one for columns.
 */
export function roiAlign(
  features: tf.Tensor4D,
  boxes: tf.Tensor3D,
  { size, scale, samples }: RoiAlign,
): tf.Tensor4D {
  const [b, h, w, c] = features.shape;
  const n = boxes.shape[1];
  const { rows, columns } = allWithoutGradient(() => {
    const [left = boxes, top = boxes, right = boxes, bottom = boxes] = tf.unstack(boxes, -1);
    const along = (from: tf.Tensor, to: tf.Tensor, cells: number): tf.Tensor =>
      means(tf.sub(tf.mul(from, scale), 0.5), tf.mul(tf.sub(to, from), scale), {
        size,
        samples,
        cells,
      });
    return {
      rows: tf.reshape(along(top, bottom, h), [b, n * size, h]),
      columns: tf.reshape(along(left, right, w), [b * n, 1, size, w]),
    };
  });
  const value = tf.tidy(() => {
    const inRows = batchMatMul(rows, reshape(features, [b, h, w * c]));
    return asRank4(batchMatMul(columns, reshape(inRows, [b * n, size, w, c])));
  });
  const result = attachGradient(value, {
    inputs: [features],
    save: [rows, columns],
    backward: (dy, [down = rows, across = columns]) =>
      tf.tidy(() => {
        const inRows = batchMatMul(across, dy, { a: true });
        const all = batchMatMul(down, reshape(inRows, [b, n * size, w * c]), { a: true });
        return [reshape(all, [b, h, w, c])];
      }),
  });
  tf.dispose([rows, columns]);
  return result;
}

/**
 * What the mean of the samples in each bin takes of each cell along an axis: (…, size, cells), for boxes
 * that begin at `start` (…) and are `length` (…) long, in cells. A sample further than a cell outside is 0.
 */
function means(
  start: tf.Tensor,
  length: tf.Tensor,
  {
    size,
    samples,
    cells,
  }: { readonly size: number; readonly samples: number; readonly cells: number },
): tf.Tensor {
  const bin = tf.expandDims(tf.div(length, size), -1);
  const bins = tf.add(tf.expandDims(start, -1), tf.mul(tf.range(0, size), bin)); // (…, size)
  const count = samples > 0 ? tf.scalar(samples) : tf.maximum(tf.ceil(bin), 1);
  const most = samples > 0 ? samples : Math.ceil(cells / size) + 1;
  const taken = Array.from({ length: most }, (_, sample) => {
    const at = tf.add(bins, tf.div(tf.mul(bin, sample + 0.5), count));
    const inside = tf.logicalAnd(tf.greaterEqual(at, -1), tf.lessEqual(at, cells));
    const isOne = tf.logicalAnd(inside, tf.less(tf.scalar(sample), count));
    const share = tf.div(tf.cast(isOne, 'float32'), count);
    const inCells = tf.expandDims(tf.clipByValue(at, 0, cells - 1), -1);
    const distance = tf.abs(tf.sub(inCells, tf.range(0, cells)));
    return tf.mul(tf.relu(tf.sub(1, distance)), tf.expandDims(share, -1));
  });
  return tf.addN(taken);
}
