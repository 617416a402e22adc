import { asMatrix } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/** The matrix (n, n) with one value all along its diagonal, where the gradient is then 0. */
export function setDiagonal(matrix: tf.Tensor2D, value: number): tf.Tensor2D {
  const [n] = matrix.shape;
  const set = (target: tf.Tensor, number: number): tf.Tensor =>
    native('MatrixSetDiag', [target, tf.fill([n], number)], { T: attr.type('float32') });
  return attachGradient(asMatrix(set(matrix, value)), {
    inputs: [matrix],
    save: [],
    backward: (dy) => [tf.tidy(() => set(dy, 0))],
  });
}
