import { tf } from '../tf.js';
import { type ResizeFilter, resizeWeights, type StretchTensors } from './resize-weights.js';

/**
 * Resizes planes (n, 3, h, w) to (n, 3, size, size) with antialiased weights, as two
 * products of matrices. `rows` and `columns` say which part is seen and the size: one stretch for
 * each image, or one for all.
 */
export function resize(
  planes: tf.Tensor4D,
  rows: StretchTensors,
  columns: StretchTensors,
  filter: ResizeFilter = 'bilinear',
): tf.Tensor4D {
  return tf.tidy(() => {
    const [n, , height, width] = planes.shape;
    const lines = planes.reshape<tf.Tensor3D>([n, 3 * height, width]);
    const narrow = tf.matMul(lines, resizeWeights(columns, filter), false, true);
    const weights = resizeWeights(rows, filter);
    const [count, size] = weights.shape;
    return tf.matMul(
      weights.reshape<tf.Tensor4D>([count, 1, size, height]),
      narrow.reshape<tf.Tensor4D>([n, 3, height, size]),
    );
  });
}
