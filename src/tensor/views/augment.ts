import type { Rng } from '../rng.js';
import { tf } from '../tf.js';
import { applyViews } from './apply-views.js';
import type { Augmentation } from './augmentation.js';
import { drawViews } from './draw-views.js';
import { planesOfPixels } from './planes.js';

/**
 * One view of each image: uint8 pixels (n, size, size, 3) become a tensor (n, s, s, 3) of the
 * view's size s, normalised. Image i is changed as the stream `rng.split(i)` says.
 */
export function augment(
  pixels: Uint8Array,
  size: number,
  augmentation: Augmentation,
  rng: Rng,
): tf.Tensor4D {
  const count = pixels.length / (size * size * 3);
  const draws = drawViews(augmentation, { count, height: size, width: size }, rng);
  return tf.tidy(() => applyViews(augmentation, planesOfPixels(pixels, size), draws));
}
