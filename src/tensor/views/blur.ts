import { tf } from '../tf.js';

/** Pixels to each side that a blur of at most this sigma reaches: three sigmas, at least one pixel. */
export function blurRadius(sigma: number, size: number): number {
  return Math.min(Math.max(1, Math.ceil(3 * sigma)), size - 1);
}

/**
 * Gaussian blur of planes (n, 3, size, size), each image by its own sigma in pixels (0: none).
 * The kernel has 2 radius + 1 taps, sampled and normalised; borders are reflected.
 *
 * Source: torchvision's `gaussian_blur(kernel_size=2 radius + 1)`, as two products of matrices.
 */
export function blur(planes: tf.Tensor4D, sigmas: Float32Array, radius: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [n, , size] = planes.shape;
    const taps = 2 * radius + 1;
    const kernels = tf.tensor2d(kernelsOf(sigmas, radius), [n, taps]);
    const spread = tf.tensor2d(reflected(radius, size), [taps, size * size]);
    const weights = tf.matMul(kernels, spread).reshape<tf.Tensor3D>([n, size, size]);
    const across = tf.matMul(planes.reshape([n, 3 * size, size]), weights, false, true);
    const square = across.reshape<tf.Tensor4D>([n, 3, size, size]);
    return tf.matMul(weights.reshape<tf.Tensor4D>([n, 1, size, size]), square);
  });
}

/** (n, 2 radius + 1), each summing to 1. */
function kernelsOf(sigmas: Float32Array, radius: number): Float32Array {
  const taps = 2 * radius + 1;
  const kernels = new Float32Array(sigmas.length * taps);
  sigmas.forEach((sigma, i) => {
    const values = Array.from({ length: taps }, (_, tap) =>
      tap === radius ? 1 : Math.exp(-0.5 * ((tap - radius) / sigma) ** 2),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    kernels.set(
      values.map((value) => value / sum),
      i * taps,
    );
  });
  return kernels;
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
