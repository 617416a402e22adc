import { asRank4 } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import type { Rng } from '../rng.js';
import { tf } from '../tf.js';
import { applyViews } from './apply-views.js';
import type { Augmentation } from './augmentation.js';
import { drawViews } from './draws/draw-views.js';
import { planesOfPixels } from './planes.js';
import { viewTensors } from './view-tensors.js';

/**
 * One view of each image: uint8 pixels (n, size, size, 3) become a tensor (n, s, s, 3) of the
 * view's size s, normalised. Image i is changed as the stream `rng.split(number(i))` says.
 */
export function augment(
  pixels: Uint8Array,
  size: number,
  augmentation: Augmentation,
  rng: Rng,
  number?: (place: number) => number,
): tf.Tensor4D {
  const extent = { count: pixels.length / (size * size * 3), height: size, width: size };
  return tf.tidy(() => {
    const drawn = viewTensors(augmentation, drawViews(augmentation, extent, rng, number), extent);
    return viewOf(augmentation, { planes: planesOfPixels(pixels, size), ...drawn });
  });
}

/** The view of {@link augment} from tensors alone: a compiled step can make it. */
export function viewOf(augmentation: Augmentation, inputs: NamedTensors): tf.Tensor4D {
  return applyViews(augmentation, asRank4(pick(inputs, 'planes')), inputs);
}
