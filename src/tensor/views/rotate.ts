import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/**
 * Rotates images (n, h, w, 3) as `rotationArray` says; bilinear, and black (0) where there
 * was nothing.
 *
 * Source: torchvision's `rotate(interpolation=BILINEAR)`.
 */
export function rotate(images: tf.Tensor4D, transforms: tf.Tensor2D): tf.Tensor4D {
  return tf.tidy(() => {
    const [n, height, width] = images.shape;
    const inputs = [images, transforms, tf.tensor1d([height, width], 'int32'), tf.scalar(0)];
    const rotated = native('ImageProjectiveTransformV3', inputs, {
      dtype: attr.type('float32'),
      interpolation: attr.string('BILINEAR'),
      fill_mode: attr.string('CONSTANT'),
    });
    return rotated.reshape([n, height, width, 3]);
  });
}
