import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { alignment, uniformity } from '../../tensor/probe/uniformity.js';
import { openEncoder } from '../artifact/encoder.js';
import { factsOfScore } from '../artifact/facts.js';
import { checkFinite, remarkCollapse } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { featuresOfViews } from '../artifact/view-features.js';
import { remarkWideStem } from '../artifact/wide-stem.js';
import { implement } from '../implement.js';

/** How near views of one image are, and how spread all are: see `std.probe.alignment_uniformity`. */
export const run = implement('std.probe.alignment_uniformity', async (context) => {
  const { encoder: artifact, on, views, split, seed } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const indices = images.indicesOf(split);
  if (indices.length < 2) {
    throw new SspError(
      'too-few-images',
      `split \`${split}\` has one image, and uniformity is of pairs of images`,
      { help: 'Give a split with more images.' },
    );
  }
  const encoder = openEncoder(artifact);
  remarkWideStem(artifact, 'a view', views.views[0]?.size ?? images.size, context);
  const d = encoder.features;
  const seeing = { images, indices, encoder, views, count: 2, seed };
  const [x, y] = await featuresOfViews(seeing, context);
  if (!x || !y) throw new RangeError('two views are compared');
  for (const view of [x, y]) {
    checkFinite(view, d, indices, images, 'the encoder gives');
    remarkCollapse(view, d, split, context);
  }
  context.log(`two views of ${indices.length} images, features of length ${d}`);
  return {
    metrics: {
      alignment: alignment(x, y, d),
      uniformity: (uniformity(x, d) + uniformity(y, d)) / 2,
    },
    facts: { ...factsOfScore({ asked: indices.length }), features: d },
  };
});
