import { tf } from '../tf.js';

/** Stretches as tensors: what {@link resizeWeights} computes with. */
export type StretchTensors = {
  /** (k, size, 1): where the output pixels lie in the input. */
  readonly centres: tf.Tensor;
  /** (k, 1, 1): how steeply the triangle falls; negative. The reciprocal of a filter's unit of length. */
  readonly slopes: tf.Tensor;
  /** (k, 1, input): 1 inside the stretch. */
  readonly inside: tf.Tensor;
};

/** How a resize weighs pixels by their distance. */
export type ResizeFilter = 'bilinear' | 'bicubic';

/**
 * Weights (k, size, input) of a resize along one axis, for each of k stretches: row t says how
 * much output pixel t takes of each input pixel. With antialiasing: the filter lies around the
 * pixel's centre, as wide as an output pixel where that is larger than an input pixel, is cut off at
 * the stretch's ends and normalised to 1. `bilinear` is a triangle that ends at 1, `bicubic` is Keys's
 * cubic with a = -0.5, which ends at 2 (as Pillow's BICUBIC).
 *
 * Source: torchvision's `resize(antialias=True)`, aten/src/ATen/native/cpu/UpSampleKernel.cpp.
 */
export function resizeWeights(
  { centres, slopes, inside }: StretchTensors,
  filter: ResizeFilter = 'bilinear',
): tf.Tensor3D {
  return tf.tidy(() => {
    const input = inside.shape[2] ?? 0;
    const pixels = tf.range(0.5, input + 0.5).reshape([1, 1, input]);
    const distance = tf.mul(tf.abs(tf.sub(pixels, centres)), slopes);
    const shares = filter === 'bilinear' ? tf.relu(tf.add(distance, 1)) : cubic(tf.neg(distance));
    const kept = tf.mul(shares, inside);
    return tf.div<tf.Tensor3D>(kept, tf.sum(kept, 2, true));
  });
}

/** Keys's cubic at distances of at least 0: (1.5 t - 2.5) t^2 + 1 to 1, ((2.5 - 0.5 t) t - 4) t + 2 to 2. */
function cubic(t: tf.Tensor): tf.Tensor {
  const near = tf.add(tf.mul(tf.sub(tf.mul(t, 1.5), 2.5), tf.square(t)), 1);
  const far = tf.add(tf.mul(tf.sub(tf.mul(tf.sub(2.5, tf.mul(t, 0.5)), t), 4), t), 2);
  return tf.where(tf.less(t, 1), near, tf.where(tf.less(t, 2), far, tf.zerosLike(t)));
}
