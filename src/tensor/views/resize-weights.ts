import { tf } from '../tf.js';

/** A stretch of one axis that is resized: pixels `start` to `start + length` of the input. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
  /** Reversed: the last output pixel sees the start. */
  readonly mirrored: boolean;
}

/** Stretches as tensors: what {@link resizeWeights} computes with. */
export type StretchTensors = {
  /** (k, size, 1): where the output pixels lie in the input. */
  readonly centres: tf.Tensor;
  /** (k, 1, 1): how steeply the triangle falls; negative. */
  readonly slopes: tf.Tensor;
  /** (k, 1, input): 1 inside the stretch. */
  readonly inside: tf.Tensor;
};

/**
 * Weights (k, size, input) of a resize along one axis, for each of k stretches: row t says how
 * much output pixel t takes of each input pixel. Bilinear with antialiasing: a triangle around the
 * pixel's centre, as wide as an output pixel when that is larger, cut off at the stretch's ends and
 * normalised to 1.
 *
 * Source: torchvision's `resize(antialias=True)`, aten/src/ATen/native/cpu/UpSampleKernel.cpp.
 */
export function resizeWeights({ centres, slopes, inside }: StretchTensors): tf.Tensor3D {
  return tf.tidy(() => {
    const input = inside.shape[2] ?? 0;
    const pixels = tf.range(0.5, input + 0.5).reshape([1, 1, input]);
    const distance = tf.abs(tf.sub(pixels, centres));
    const kept = tf.mul(tf.relu(tf.add(tf.mul(distance, slopes), 1)), inside);
    return tf.div<tf.Tensor3D>(kept, tf.sum(kept, 2, true));
  });
}

/** Stretches of an axis of `input` pixels that become `size` pixels, as tensors. */
export function stretchTensors(
  stretches: readonly Stretch[],
  input: number,
  size: number,
): StretchTensors {
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
  return {
    centres: tf.tensor3d(centres, [count, size, 1]),
    slopes: tf.tensor3d(slopes, [count, 1, 1]),
    inside: tf.tensor3d(inside, [count, 1, input]),
  };
}
