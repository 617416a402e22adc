import { SspError } from '../../base/errors.js';
import { openImages } from '../artifact/images.js';
import { writePairs } from '../artifact/pairs.js';
import { implement } from '../stage.js';
import { chooseAnchors } from './choose-anchors.js';

/** `std.pairs.augmented_pairs`: each image with itself. */
export const run = implement('std.pairs.augmented_pairs', async (context) => {
  const { source, per_class, split, seed } = context.params;
  const images = openImages(source);
  const pairs = chooseAnchors(images, split, per_class, seed).flatMap(({ anchors }) =>
    anchors.flatMap((anchor) => [anchor, anchor]),
  );
  if (pairs.length === 0) {
    throw new SspError('no-pairs', `no class of split ${split} has two images`, {
      help: 'Augmented pairs are taken from the classes that semantic pairs can be made of.',
    });
  }
  writePairs(context.out, images, Int32Array.from(pairs));
  context.log(`${pairs.length / 2} augmented pairs`);
  return {};
});
