import { asMatrix, asRank3 } from './as-rank.js';
import { attr, native } from './native.js';
import { tf } from './tf.js';

/**
 * The rows of x (n, d) at `indices` (m), int32: (m, d), as `tf.gather`, which a compiled step cannot run,
 * as it reads the indices on the host. No gradient flows through it: it is for memories, queues and banks.
 */
export function rowsAt(x: tf.Tensor2D, indices: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const axis = tf.scalar(0, 'int32');
    return asMatrix(native('GatherV2', [x, indices, axis], { ...attrs, batch_dims: attr.int(0) }));
  });
}

/** For each b, the rows of x (b, n, d) at `indices` (b, m), int32: (b, m, d). No gradient flows through it. */
export function rowsOfEach(x: tf.Tensor3D, indices: tf.Tensor2D): tf.Tensor3D {
  return tf.tidy(() => {
    const axis = tf.scalar(1, 'int32');
    return asRank3(native('GatherV2', [x, indices, axis], { ...attrs, batch_dims: attr.int(1) }));
  });
}

const attrs = {
  Tparams: attr.type('float32'),
  Tindices: attr.type('int32'),
  Taxis: attr.type('int32'),
};
