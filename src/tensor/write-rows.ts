import { asMatrix } from './as-rank.js';
import { attr, native } from './native.js';
import { tf } from './tf.js';

/**
 * x (m, d) with other rows (n, d) at `indices` (n), int32, each index once. No gradient flows through it: it
 * is for memories, as `rowsAt` is.
 */
export function writeRows(x: tf.Tensor2D, indices: tf.Tensor1D, rows: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const places = tf.reshape(indices, [indices.shape[0], 1]);
    const attrs = { T: attr.type('float32'), Tindices: attr.type('int32') };
    return asMatrix(native('TensorScatterUpdate', [x, places, rows], attrs));
  });
}
