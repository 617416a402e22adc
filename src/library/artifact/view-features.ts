import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import { augment } from '../../tensor/views/augment.js';
import type { StageContext, Views } from '../stage.js';
import type { Encoder } from './encoder.js';
import type { Images } from './images.js';

/** What is seen of which images. */
export interface Seeing {
  readonly images: Images;
  readonly indices: Int32Array;
  readonly encoder: Encoder;
  readonly views: Views;
  /** Views of each image. */
  readonly count: number;
  readonly seed: number;
}

/**
 * Features (m, d) of a view of each image, for each of `count` views: view v is made as the views of the training say, in
 * turn, and normalised as the encoder is used to. How an image is changed depends on the seed, v and its place in the
 * data set alone: neither on the encoder nor on which others are seen.
 */
export async function featuresOfViews(
  { images, indices, encoder, views, count, seed }: Seeing,
  { progress }: Pick<StageContext<unknown>, 'progress'>,
): Promise<readonly Float32Array[]> {
  const { size } = images;
  const made = views.views.map((view) => ({ ...view, normalise: encoder.input.normalise }));
  const features = Array.from(
    { length: count },
    () => new Float32Array(indices.length * encoder.features),
  );
  const batch = encoder.batch(size);
  for (let from = 0; from < indices.length; from += batch) {
    const some = indices.subarray(from, from + batch);
    const pixels = await images.fetch(some);
    for (const [number, all] of features.entries()) {
      const view = made[number % made.length];
      if (!view) throw new RangeError('there are no views');
      const seen = augment(
        pixels,
        size,
        view,
        createRng(seed, 'view', number),
        (place) => some[place] ?? place,
      );
      all.set(encoder.embedViews(seen), from * encoder.features);
      tf.dispose(seen);
    }
    progress({ unit: 'image', done: from + some.length, total: indices.length });
  }
  return features;
}
