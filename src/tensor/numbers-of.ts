import { tf } from './tf.js';

/**
 * The numbers of a tensor that is computed in a tidy, and freed. Never return an array from
 * `tf.tidy` itself: it looks for tensors in each of its elements, at some 10 µs each.
 */
export function numbersOf(compute: () => tf.Tensor): Float32Array {
  const tensor = tf.tidy(compute);
  const numbers = tensor.dataSync<'float32'>();
  tensor.dispose();
  return numbers;
}
