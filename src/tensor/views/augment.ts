import { asRank4 } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import type { Rng } from '../rng.js';
import { tf } from '../tf.js';
import { applyViews } from './apply-views.js';
import type { Augmentation } from './augmentation.js';
import { drawViews } from './draws/draw-views.js';
import type { Extent } from './draws/extent.js';
import { planesOfPixels } from './planes.js';
import { viewTensors } from './view-tensors.js';

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
  return tf.tidy(() => viewOf(augmentation, viewInputs(pixels, size, augmentation, rng)));
}

/** What {@link viewOf} makes the view of: the images, and what was drawn for them. The caller owns the tensors. */
export function viewInputs(
  pixels: Uint8Array,
  size: number,
  augmentation: Augmentation,
  rng: Rng,
): NamedTensors {
  const extent = { count: pixels.length / (size * size * 3), height: size, width: size };
  return { planes: planesOfPixels(pixels, size), ...viewDraws(extent, augmentation, rng) };
}

/** {@link viewInputs} without the images, which several views can share. */
function viewDraws(extent: Extent, augmentation: Augmentation, rng: Rng): NamedTensors {
  return viewTensors(augmentation, drawViews(augmentation, extent, rng), extent);
}

/** The view of {@link augment} from tensors alone: a compiled step can make it. */
export function viewOf(augmentation: Augmentation, inputs: NamedTensors): tf.Tensor4D {
  return applyViews(augmentation, asRank4(pick(inputs, 'planes')), inputs);
}
