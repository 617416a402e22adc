import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/**
 * Rotations counter-clockwise by degrees about the centre of images of a size: (n, 8), each the
 * first eight numbers of the matrix from an output pixel to the place in the input that it shows.
 */
export function rotationTensor(angles: Float32Array, height: number, width: number): tf.Tensor2D {
  const transforms = new Float32Array(angles.length * 8);
  angles.forEach((degrees, i) => {
    const cos = Math.cos((degrees * Math.PI) / 180);
    const sin = Math.sin((degrees * Math.PI) / 180);
    const x = (width - 1) / 2;
    const y = (height - 1) / 2;
    transforms.set([cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y], i * 8);
  });
  return tf.tensor2d(transforms, [angles.length, 8]);
}

/**
 * Rotates images (n, h, w, 3) as {@link rotationTensor} says; bilinear, and black (0) where there
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
