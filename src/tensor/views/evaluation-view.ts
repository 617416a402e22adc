import { tf } from '../tf.js';
import { normalisePlanes } from './apply-views.js';
import type { Normalise } from './augmentation.js';
import { imagesToPlanes, planesToImages } from './planes.js';
import { resizeWhole } from './resize-whole.js';

/**
 * What an encoder sees at evaluation: the whole image, resized (bilinear, antialiased) and
 * normalised. Images (n, h, w, 3), float32 from 0 to 1 or int32 from 0 to 255, become
 * (n, size, size, 3).
 */
export function evaluationView(
  images: tf.Tensor4D,
  { size, normalise }: { readonly size: number; readonly normalise: Normalise },
): tf.Tensor4D {
  return tf.tidy(() => {
    const unit =
      images.dtype === 'int32' ? tf.div<tf.Tensor4D>(tf.cast(images, 'float32'), 255) : images;
    const planes = imagesToPlanes(resizeWhole(unit, size));
    return planesToImages(normalisePlanes(planes, normalise));
  });
}
