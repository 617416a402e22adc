import { loadTensorFlow } from '../../tensor/load.js';
import { openEncoder } from '../artifact/encoder.js';
import { writeFeatures } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { remarkWideStem } from '../artifact/wide-stem.js';
import { implement } from '../implement.js';

/** Features of all images: see `std.probe.embed`. */
export const run = implement('std.probe.embed', async (context) => {
  const { encoder: artifact, on } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const { size } = images;
  const encoder = openEncoder(artifact);
  remarkWideStem(artifact, 'an image', encoder.input.size ?? size, context);
  await writeFeatures(context, images, on, {
    d: encoder.features,
    batch: encoder.batch(size),
    embed: (pixels) => encoder.embed(pixels, size),
  });
  return {};
});
