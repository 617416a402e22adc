import { tf } from '../tf.js';

/** A stretch of one axis that is resized: pixels `start` to `start + length` of the input. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
  /** Reversed: the last output pixel sees the start. */
  readonly mirrored: boolean;
}

/**
 * Weights (k, size, input) of a resize along one axis, for each of k stretches: row t says how
 * much output pixel t takes of each input pixel. Bilinear with antialiasing: a triangle around the
 * pixel's centre, as wide as an output pixel when that is larger, cut off at the stretch's ends and
 * normalised to 1.
 *
 * Source: torchvision's `resize(antialias=True)`, aten/src/ATen/native/cpu/UpSampleKernel.cpp.
 */
export function resizeWeights(
  stretches: readonly Stretch[],
  input: number,
  size: number,
): tf.Tensor3D {
  const count = stretches.length;
  const centres = new Float32Array(count * size);
  const slopes = new Float32Array(count);
  const inside = new Float32Array(count * input);
  stretches.forEach(({ start, length, mirrored }, k) => {
    const step = length / size;
    slopes[k] = -1 / Math.max(step, 1);
    for (let t = 0; t < size; t++) {
      const place = mirrored ? size - 1 - t : t;
      centres[k * size + t] = start + (place + 0.5) * step;
    }
    inside.fill(1, k * input + start, k * input + start + length);
  });
  return tf.tidy(() => {
    const pixels = tf.range(0.5, input + 0.5).reshape([1, 1, input]);
    const distance = tf.abs(tf.sub(pixels, tf.tensor3d(centres, [count, size, 1])));
    const triangle = tf.relu(tf.add(tf.mul(distance, tf.tensor3d(slopes, [count, 1, 1])), 1));
    const kept = tf.mul(triangle, tf.tensor3d(inside, [count, 1, input]));
    return tf.div<tf.Tensor3D>(kept, tf.sum(kept, 2, true));
  });
}
