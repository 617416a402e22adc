import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/**
 * Rotates images (n, h, w, 3) about their centres, counter-clockwise by degrees; bilinear, and
 * black (0) where there was nothing.
 *
 * Source: torchvision's `rotate(interpolation=BILINEAR)`.
 */
export function rotate(images: tf.Tensor4D, angles: Float32Array): tf.Tensor4D {
  const [n, height, width] = images.shape;
  const transforms = new Float32Array(n * 8);
  angles.forEach((degrees, i) => {
    const cos = Math.cos((degrees * Math.PI) / 180);
    const sin = Math.sin((degrees * Math.PI) / 180);
    const x = (width - 1) / 2;
    const y = (height - 1) / 2;
    // From an output pixel to the place in the input that it shows.
    transforms.set([cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y], i * 8);
  });
  return tf.tidy(() => {
    const inputs = [
      images,
      tf.tensor2d(transforms, [n, 8]),
      tf.tensor1d([height, width], 'int32'),
      tf.scalar(0),
    ];
    const rotated = native('ImageProjectiveTransformV3', inputs, {
      dtype: attr.type('float32'),
      interpolation: attr.string('BILINEAR'),
      fill_mode: attr.string('CONSTANT'),
    });
    return rotated.reshape([n, height, width, 3]);
  });
}
