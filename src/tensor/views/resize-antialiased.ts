import { asRank4 } from '../as-rank.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/**
 * Images x (n, h, w, c) as (n, size, size, c), by a triangle filter as wide as a new pixel, so that
 * shrinking averages all old pixels (PIL's BILINEAR). Images of that size already are returned as
 * they are. It has no gradient.
 */
export function resizeAntialiased(x: tf.Tensor4D, size: number): tf.Tensor4D {
  const [, h, w] = x.shape;
  if (h === size && w === size) return x;
  return tf.tidy(() => {
    const inputs = [
      x,
      tf.tensor1d([size, size], 'int32'),
      tf.tensor1d([size / h, size / w]),
      tf.tensor1d([0, 0]),
    ];
    const attrs = {
      T: attr.type('float32'),
      kernel_type: attr.string('triangle'),
      antialias: attr.bool(true),
    };
    return asRank4(native('ScaleAndTranslate', inputs, attrs));
  });
}
