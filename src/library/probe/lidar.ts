import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { permutation } from '../../tensor/permutation.js';
import { lidar } from '../../tensor/probe/lidar.js';
import { createRng } from '../../tensor/rng.js';
import { openEncoder } from '../artifact/encoder.js';
import { factsOfScore } from '../artifact/facts.js';
import { checkFinite, requireDifferences } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { featuresOfViews } from '../artifact/view-features.js';
import { remarkWideStem } from '../artifact/wide-stem.js';
import { implement } from '../implement.js';

/** Rank of what tells images apart, by views of them: see `std.probe.lidar`. */
export const run = implement('std.probe.lidar', async (context) => {
  const { encoder: artifact, on, views, split, images: most, count, seed } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const all = images.indicesOf(split);
  if (all.length < 2) {
    throw new SspError(
      'too-few-images',
      `split \`${split}\` has one image, and LiDAR tells images apart`,
      { help: 'Give a split with more images.' },
    );
  }
  if (all.length < most) {
    context.remark(
      `\`images\` is ${most}, but split \`${split}\` has ${all.length}: LiDAR is at most one less`,
    );
  }
  const order = permutation(createRng(seed, 'lidar'), all.length).subarray(0, most).sort();
  const indices = Int32Array.from(order, (place) => all[place] ?? 0);
  const encoder = openEncoder(artifact);
  remarkWideStem(artifact, 'a view', views.views[0]?.size ?? images.size, context);
  const seen = await featuresOfViews({ images, indices, encoder, views, count, seed }, context);
  const d = encoder.features;
  for (const features of seen) checkFinite(features, d, indices, images, 'the encoder gives');
  requireDifferences(seen[0] ?? new Float32Array(0), d, split, '`encoder`');
  if (alike(seen)) {
    context.remark(
      `the ${count} views of each image have the same features: nothing varies but images, and LiDAR says how many dimensions these fill`,
    );
  }
  context.log(`${indices.length} images, ${count} views of each, features of length ${d}`);
  return {
    metrics: { lidar: lidar(seen, d) },
    facts: { ...factsOfScore({ asked: indices.length }), 'views of an image': count, features: d },
  };
});

/** Do all views of each image have the same features, but for rounding? */
function alike([first, ...others]: readonly Float32Array[]): boolean {
  if (first === undefined) return false;
  const largest = first.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return others.every((view) =>
    view.every((value, at) => Math.abs(value - (first[at] ?? 0)) <= 1e-6 * largest),
  );
}
