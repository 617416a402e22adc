import { invariant } from '../base/errors.js';
import type { tf } from './tf.js';

const expect = (tensor: tf.Tensor, rank: number): void =>
  invariant(
    tensor.rank === rank,
    `a tensor of shape (${tensor.shape.join(', ')}) is not of rank ${rank}`,
  );

/** The same tensor, typed as a scalar. @throws Bug when it is none. */
export function asScalar(tensor: tf.Tensor): tf.Scalar {
  expect(tensor, 0);
  return tensor as tf.Scalar; // checked in the line before
}

/** The same tensor, typed as a vector. @throws Bug when it is none. */
export function asVector(tensor: tf.Tensor): tf.Tensor1D {
  expect(tensor, 1);
  return tensor as tf.Tensor1D; // checked in the line before
}

/** The same tensor, typed as a matrix. @throws Bug when it is none. */
export function asMatrix(tensor: tf.Tensor): tf.Tensor2D {
  expect(tensor, 2);
  return tensor as tf.Tensor2D; // checked in the line before
}

/** The same tensor, typed as a stack of matrices (rank 3). @throws Bug when it is none. */
export function asRank3(tensor: tf.Tensor): tf.Tensor3D {
  expect(tensor, 3);
  return tensor as tf.Tensor3D; // checked in the line before
}

/** The same tensor, typed as images or a kernel (rank 4). @throws Bug when it is none. */
export function asRank4(tensor: tf.Tensor): tf.Tensor4D {
  expect(tensor, 4);
  return tensor as tf.Tensor4D; // checked in the line before
}
