import { asMatrix } from './as-rank.js';
import { attachGradient } from './attach-gradient.js';
import { attr, native } from './native.js';
import { tf } from './tf.js';

const attrs = {
  batch_dims: attr.int(0),
  Tparams: attr.type('float32'),
  Tindices: attr.type('int32'),
  Taxis: attr.type('int32'),
};

/** The columns of a matrix (n, d) with the largest of `by` (d) first; equal ones stay in their order. No gradient flows to `by`. */
export function sortColumns(matrix: tf.Tensor2D, by: tf.Tensor): tf.Tensor2D {
  const { order, sorted } = tf.tidy(() => {
    const { indices } = tf.topk(by, matrix.shape[1]);
    return { order: indices, sorted: asMatrix(columnsAt(matrix, indices)) };
  });
  const result = attachGradient(sorted, {
    inputs: [matrix],
    save: [order],
    backward: (dy, [at = order]) =>
      tf.tidy(() => {
        const back = native('InvertPermutation', [at], { T: attr.type('int32') });
        return [columnsAt(dy, back)];
      }),
  });
  order.dispose();
  return result;
}

function columnsAt(matrix: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  return native('GatherV2', [matrix, indices, tf.scalar(1, 'int32')], attrs);
}
