import { tf } from '../tf.js';

/** Pixels to each side that a blur of at most this sigma reaches: three sigmas, at least one pixel. */
export function blurRadius(sigma: number, size: number): number {
  return Math.min(Math.max(1, Math.ceil(3 * sigma)), size - 1);
}

/**
 * Gaussian blur of planes (n, 3, size, size), each image by its own kernel of {@link blurKernels};
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

/** Kernels (n, 2 radius + 1) of a sigma in pixels each (0: no blur), sampled and normalised to 1. */
export function blurKernels(sigmas: Float32Array, radius: number): tf.Tensor2D {
  const taps = 2 * radius + 1;
  const kernels = new Float32Array(sigmas.length * taps);
  const values = new Float64Array(taps);
  sigmas.forEach((sigma, i) => {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const value = tap === radius ? 1 : Math.exp(-0.5 * ((tap - radius) / sigma) ** 2);
      values[tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) kernels[i * taps + tap] = (values[tap] ?? 0) / sum;
  });
  return tf.tensor2d(kernels, [sigmas.length, taps]);
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
