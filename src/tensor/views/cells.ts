import { asRank4 } from '../as-rank.js';
import { tf } from '../tf.js';
import type { Augmentation } from './augmentation.js';
import { imagesToPlanes } from './planes.js';

/** What is done to a view of cells as a whole, and then to each of its cells, an image of its own. */
export function partsOf({ cells = 1, ...augmentation }: Augmentation): {
  readonly whole: Augmentation;
  readonly cell: Augmentation;
} {
  const { jitter, blur, solarise } = augmentation;
  const whole: Augmentation = {
    ...augmentation,
    flip: 0,
    jitter: { ...jitter, probability: 0 },
    grayscale: 0,
    blur: { ...blur, probability: 0 },
    solarise: { ...solarise, probability: 0 },
    normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
  };
  const size = Math.floor(augmentation.size / cells);
  // As large as it is: resizing changes nothing then.
  const cell: Augmentation = { ...augmentation, size, crop: undefined, rotation: 0 };
  return { whole, cell };
}

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
