import { tf } from '../tf.js';

/**
 * Gaussian blur of planes (n, 3, size, size), each image by its own kernel of `blurKernels`;
 * borders are reflected.
 *
 * Source: torchvision's `gaussian_blur(kernel_size=2 radius + 1)`, as two products of matrices.
 */
export function blur(planes: tf.Tensor4D, kernels: tf.Tensor2D): tf.Tensor4D {
  return tf.tidy(() => {
    const [n, , size] = planes.shape;
    const [, taps] = kernels.shape;
    const spread = tf.tensor2d(reflected((taps - 1) / 2, size), [taps, size * size]);
    const weights = tf.matMul(kernels, spread).reshape<tf.Tensor3D>([n, size, size]);
    const across = tf.matMul(planes.reshape([n, 3 * size, size]), weights, false, true);
    const square = across.reshape<tf.Tensor4D>([n, 3, size, size]);
    return tf.matMul(weights.reshape<tf.Tensor4D>([n, 1, size, size]), square);
  });
}

/** (taps, size, size): 1 where tap d of output pixel i falls on input pixel j, reflected at the borders. */
function reflected(radius: number, size: number): Float32Array {
  const places = new Float32Array((2 * radius + 1) * size * size);
  for (let tap = 0; tap <= 2 * radius; tap++) {
    for (let i = 0; i < size; i++) {
      const at = Math.abs(i + tap - radius);
      const j = at < size ? at : 2 * (size - 1) - at;
      places[(tap * size + i) * size + j] = 1;
    }
  }
  return places;
}
