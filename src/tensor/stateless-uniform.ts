import { attr, native } from './native.js';
import { tf } from './tf.js';

/** Uniform numbers in [0, 1) of a shape, float32, by a seed (int32 (2)) that is an input: a compiled step can draw them. */
export function statelessUniform(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  return native('StatelessRandomUniform', [tf.tensor1d([...shape], 'int32'), seed], {
    dtype: attr.type('float32'),
    T: attr.type('int32'),
    Tseed: attr.type('int32'),
  });
}

/** The same as integers in [0, below), int32. */
export function statelessBelow(
  below: number,
  shape: readonly number[],
  seed: tf.Tensor1D,
): tf.Tensor {
  const numbers = tf.floor(tf.mul(statelessUniform(shape, seed), below));
  // A product just under `below` may be rounded up to it.
  return tf.cast(tf.minimum(numbers, below - 1), 'int32');
}
