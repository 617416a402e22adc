import { SspError } from '../../base/errors.js';
import { openImages } from '../artifact/images.js';
import { implement } from '../implement.js';
import { chooseAnchors } from './choose-anchors.js';
import { classMembers } from './class-members.js';
import { leavePairs } from './leave-pairs.js';

/** `std.pairs.augmented_pairs`: each image with itself. */
export const run = implement('std.pairs.augmented_pairs', async (context) => {
  const { source, per_class, split, seed } = context.params;
  const images = openImages(source);
  const classes = classMembers(images, images.indicesOf(split));
  const asked = { split, per_class, seed };
  const pairs = chooseAnchors(images, classes, asked, context).flatMap(({ anchors }) =>
    anchors.flatMap((anchor) => [anchor, anchor]),
  );
  if (pairs.length === 0) {
    throw new SspError('no-pairs', `no class of split ${split} has two images`, {
      help: 'Augmented pairs are taken from the classes that semantic pairs can be made of.',
    });
  }
  return leavePairs(context, { images, pairs: Int32Array.from(pairs) });
});
