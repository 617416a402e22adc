import { asVector } from '../as-rank.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

const attrs = { T: attr.type('float32') };

/** Euclidean norms (k) of k tensors of any shapes: one native op for each, no copy of the numbers. */
export function normsOf(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.tidy(() => {
    const halves = tensors.map((tensor) => native('L2Loss', [tensor], attrs));
    return asVector(tf.sqrt(tf.mul(tf.stack(halves), 2)));
  });
}
