import { tf } from '../tf.js';

/**
 * Boxes around 0, 0 for each size (the side of a square of the same area, in pixels) and each ratio (height
 * over width), sizes first: left, top, right, bottom. As in detectron2; torchvision has ratios first, and
 * rounds to whole pixels.
 */
export function cellAnchors(
  sizes: readonly number[],
  ratios: readonly number[],
): readonly (readonly number[])[] {
  return sizes.flatMap((size) =>
    ratios.map((ratio) => {
      const width = Math.sqrt(size ** 2 / ratio);
      const height = ratio * width;
      return [-width / 2, -height / 2, width / 2, height / 2];
    }),
  );
}

/** Cells of features, and how many pixels of the image there are from one to the next. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/**
 * The boxes of each cell, moved to its corner: (rows * columns * cells, 4), row by row, in each cell in their
 * order, as convolutions of (n, h, w, cells) have their channels.
 */
export function gridAnchors(
  cells: readonly (readonly number[])[],
  { rows, columns, stride }: Grid,
): tf.Tensor2D {
  const values = new Float32Array(rows * columns * cells.length * 4);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (const cell of cells) {
        for (const [corner, at] of cell.entries()) {
          values[to++] = at + stride * (corner % 2 === 0 ? column : row);
        }
      }
    }
  }
  return tf.tensor2d(values, [rows * columns * cells.length, 4]);
}
