import { SspError } from '../../base/errors.js';
import { asMatrix, asRank4 } from '../as-rank.js';
import { tf } from '../tf.js';
import type { Grid } from './position-embedding.js';

/** How many whole patches of that size an image has. @throws SspError `no-patch` when it has none. */
export function gridOf(height: number, width: number, size: number): Grid {
  const grid = [Math.floor(height / size), Math.floor(width / size)] as const;
  if (grid[0] > 0 && grid[1] > 0) return grid;
  throw new SspError(
    'no-patch',
    `an image of ${height} x ${width} pixels has no patch of ${size}`,
    {
      help: 'Give smaller patches, or larger images.',
    },
  );
}

/**
 * Square patches of images x (n, h, w, c) as rows: (n x patches, size x size x c), in reading order
 * within the image and within the patch. What is left of an image at the right and below is left out,
 * as by a convolution of that size and stride.
 */
export function patchesOf(x: tf.Tensor4D, size: number): tf.Tensor2D {
  const [n, height, width, channels] = x.shape;
  const [rows, columns] = gridOf(height, width, size);
  const whole = asRank4(tf.slice(x, [0, 0, 0, 0], [n, rows * size, columns * size, channels]));
  const apart = tf.reshape(whole, [n, rows, size, columns, size, channels]);
  const together = tf.transpose(apart, [0, 1, 3, 2, 4, 5]);
  return asMatrix(tf.reshape(together, [n * rows * columns, size * size * channels]));
}
