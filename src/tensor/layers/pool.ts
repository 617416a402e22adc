import { tf } from '../tf.js';
import { padForStride } from './conv2d.js';

/**
 * Maximum over 3x3 windows at stride 2, torch's padding 1: x (n, h, w, c), at least 0 everywhere
 * (after ReLU), to (n, ceil(h / 2), ceil(w / 2), c). Pads with 0, which is right for such x only.
 */
export function maxPoolAfterRelu(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(padForStride(x, 3, 2), 3, 2, 'valid');
}

/** Mean over the positions: x (n, h, w, c) to (n, c). */
export function globalMean(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean<tf.Tensor2D>(x, [1, 2]);
}
