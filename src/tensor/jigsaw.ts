import { SspError } from '../base/errors.js';
import { asMatrix, asRank4, asVector } from './as-rank.js';
import { rowsAt } from './rows-at.js';
import { statelessBelow, statelessUniform } from './stateless-uniform.js';
import { tf } from './tf.js';

/** Patches along a side of an image, each in a cell of a grid. */
export const patchesAside = 3;
const side = patchesAside;
/** Patches of an image. */
export const patches = side * side;

/** How the patches of a batch are cut and shuffled. */
export interface Jigsaw {
  /** int32 (n, 9): which cell of the grid, row by row, stands at each place. */
  readonly order: tf.Tensor2D;
  /** int32 (n, 9, 2): where in its cell the patch at each place begins, down and across. */
  readonly offsets: tf.Tensor;
}

/**
 * The sizes along an axis of `size` pixels: a third is a cell, and a patch has 64 of 85 of its pixels, which the
 * official code has at 255 pixels.
 * @throws SspError where there is less than a pixel for each cell.
 */
export function patchSizes(size: number): { readonly cell: number; readonly patch: number } {
  const cell = Math.floor(size / side);
  if (cell >= 1) return { cell, patch: Math.max(1, Math.round((cell * 64) / 85)) };
  throw new SspError(
    'small-view',
    `a view of ${size} pixels a side cannot be cut into ${side} x ${side} patches`,
    { help: 'Take a second view of at least 24 pixels a side.' },
  );
}

/** Draws by the seed (int32 (2)): each order alike, each offset below the pixels that a patch leaves of its cell. */
export function drawJigsaw(view: tf.Tensor4D, seed: tf.Tensor1D): Jigsaw {
  const [n, h, w] = view.shape;
  const [down, across] = [h, w].map((size, axis) => {
    const { cell, patch } = patchSizes(size);
    const own = asVector(tf.add(seed, tf.tensor1d([axis + 1, 0], 'int32')));
    return statelessBelow(Math.max(1, cell - patch), [n, patches, 1], own);
  });
  const offsets = tf.concat(
    [down, across].flatMap((offset) => offset ?? []),
    2,
  );
  return {
    order: asMatrix(tf.topk(asMatrix(statelessUniform([n, patches], seed)), patches).indices),
    offsets,
  };
}

/**
 * The patches of views (n, h, w, c): (9 n, ph, pw, c), those of an image beside each other in its order. No gradient flows
 * to the views.
 *
 * Source: facebookresearch/vissl@5e2949f vissl/data/ssl_transforms/img_patches_tensor.py.
 */
export function cutPatches(view: tf.Tensor4D, { order, offsets }: Jigsaw): tf.Tensor4D {
  const [n, h, w, c] = view.shape;
  const [rows, columns] = [patchSizes(h), patchSizes(w)];
  const int = (value: number): tf.Scalar => tf.scalar(value, 'int32');
  const upTo = (count: number, shape: number[]): tf.Tensor =>
    tf.reshape(tf.range(0, count, 1, 'int32'), shape);
  return tf.tidy(() => {
    const row = tf.floorDiv(order, int(side));
    const column = tf.sub(order, tf.mul(row, int(side)));
    const begins = (cell: tf.Tensor, axis: 0 | 1, cellSize: number): tf.Tensor => {
      const offset = tf.reshape(tf.slice(offsets, [0, 0, axis], [n, patches, 1]), [n, patches]);
      return tf.reshape(tf.add(tf.mul(cell, int(cellSize)), offset), [n, patches, 1, 1]);
    };
    const y = tf.add(begins(row, 0, rows.cell), upTo(rows.patch, [1, 1, rows.patch, 1]));
    const x = tf.add(
      begins(column, 1, columns.cell),
      upTo(columns.patch, [1, 1, 1, columns.patch]),
    );
    const firsts = tf.reshape(tf.range(0, n * h * w, h * w, 'int32'), [n, 1, 1, 1]);
    const places = tf.add(tf.add(tf.mul(y, int(w)), x), firsts);
    const pixels = rowsAt(
      asMatrix(tf.reshape(view, [n * h * w, c])),
      asVector(tf.reshape(places, [-1])),
    );
    return asRank4(tf.reshape(pixels, [n * patches, rows.patch, columns.patch, c]));
  });
}
