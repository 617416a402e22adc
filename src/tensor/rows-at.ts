import { asMatrix } from './as-rank.js';
import { attr, native } from './native.js';
import { tf } from './tf.js';

/**
 * The rows of x (n, d) at `indices` (m), int32: (m, d), as `tf.gather`, which a compiled step cannot run,
 * as it reads the indices on the host. No gradient flows through it: it is for memories, queues and banks.
 */
export function rowsAt(x: tf.Tensor2D, indices: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const axis = tf.scalar(0, 'int32');
    const rows = native('GatherV2', [x, indices, axis], {
      batch_dims: attr.int(0),
      Tparams: attr.type('float32'),
      Tindices: attr.type('int32'),
      Taxis: attr.type('int32'),
    });
    return asMatrix(rows);
  });
}
