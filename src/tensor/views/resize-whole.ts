import { tf } from '../tf.js';
import { stretchArrays } from './draws/stretches.js';
import { imagesToPlanes, planesToImages } from './planes.js';
import { resize } from './resize.js';
import type { StretchTensors } from './resize-weights.js';
import { tensorsOf } from './view-tensors.js';

/**
 * Whole images x (n, h, w, 3) as (n, size, size, 3), bilinear and antialiased; images of that size already are
 * returned as they are.
 */
export function resizeWhole(x: tf.Tensor4D, size: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (height === size && width === size) return x;
  return tf.tidy(() => {
    // All images share the weights.
    const whole = (length: number) =>
      tensorsOf(
        stretchArrays([{ start: 0, length, mirrored: false }], length, size),
      ) as StretchTensors;
    return planesToImages(resize(imagesToPlanes(x), whole(height), whole(width)));
  });
}
