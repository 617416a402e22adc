import { asRank4 } from '../as-rank.js';
import { tf } from '../tf.js';
import { imagesToPlanes } from './planes.js';

/** The cells of images (n, s, s, 3) as planes (n cells², 3, c, c), row by row; what they leave of a side is not among them. */
export function planesOfCells(images: tf.Tensor4D, cells: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [n, size] = images.shape;
    const side = Math.floor(size / cells);
    const whole = tf.slice(images, [0, 0, 0, 0], [n, cells * side, cells * side, 3]);
    const apart = tf.transpose(
      tf.reshape(whole, [n, cells, side, cells, side, 3]),
      [0, 1, 3, 2, 4, 5],
    );
    return imagesToPlanes(asRank4(tf.reshape(apart, [n * cells * cells, side, side, 3])));
  });
}

/** Undoes {@link planesOfCells}, of cells (n cells², c, c, 3); what they leave of a side of `size` is 0. */
export function imagesOfCells(parts: tf.Tensor4D, cells: number, size: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [count, side] = parts.shape;
    const n = count / (cells * cells);
    const apart = tf.reshape(parts, [n, cells, cells, side, side, 3]);
    const joined = tf.reshape(tf.transpose(apart, [0, 1, 3, 2, 4, 5]), [
      n,
      cells * side,
      cells * side,
      3,
    ]);
    const rest: [number, number] = [0, size - cells * side];
    return asRank4(tf.pad(joined, [[0, 0], rest, rest, [0, 0]]));
  });
}
