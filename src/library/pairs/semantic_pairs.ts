import { SspError } from '../../base/errors.js';
import { createRng } from '../../tensor/rng.js';
import { openImages } from '../artifact/images.js';
import { implement } from '../implement.js';
import { type ClassAnchors, chooseAnchors } from './choose-anchors.js';
import { leavePairs } from './leave-pairs.js';
import { matchPartners } from './match-partners.js';
import { notEnough } from './not-enough.js';
import { checkReuse, firstOfEachClass } from './of-list.js';
import { readPairList } from './read-pair-list.js';

/** `std.pairs.semantic_pairs`: two different images of one class. */
export const run = implement('std.pairs.semantic_pairs', async (context) => {
  const { source, list, per_class, reuse, split, seed } = context.params;
  const images = openImages(source);
  if (list !== null) {
    const pairs = firstOfEachClass(images, readPairList(list, images, split, context), per_class);
    if (reuse !== null) checkReuse(images, pairs, reuse);
    return leavePairs(context, { images, pairs });
  }
  const classes = chooseAnchors(images, { split, per_class, seed }, context);
  const drawn = reuse === null ? drawFreely(classes, seed) : drawAtMost(classes, reuse, seed);
  if (drawn.length > 0) return leavePairs(context, { images, pairs: Int32Array.from(drawn) });
  throw new SspError('no-pairs', `no class of split ${split} has two images to pair`, {
    help: 'A semantic pair is two images of one class, by different artists where they have artists.',
  });
});

/**
 * Each anchor with a random partner. Partners are drawn for all images of a class, whichever begin
 * a pair: so the pairs of a smaller `per_class` are among those of a larger one.
 */
function drawFreely(classes: readonly ClassAnchors[], seed: number): number[] {
  return classes.flatMap(({ name, members, anchors, partnersOf }) => {
    const rng = createRng(seed, 'partners', name);
    const beginning = new Set(anchors);
    return members.flatMap((member) => {
      const partners = partnersOf(member);
      const partner = partners.at(rng.below(partners.count));
      return beginning.has(member) ? [member, partner] : [];
    });
  });
}

/** Each anchor with a random partner, no image in more than `reuse` pairs. */
function drawAtMost(classes: readonly ClassAnchors[], reuse: number, seed: number): number[] {
  const matched = classes.map((one) => ({
    ...one,
    partners: matchPartners({ ...one, reuse }, createRng(seed, 'partners', one.name)),
  }));
  const short = matched.flatMap(({ name, anchors, partners }) => {
    const count = partners.filter((partner) => partner >= 0).length;
    return count < anchors.length ? [{ name, count }] : [];
  });
  if (short.length > 0) {
    const asked = Math.max(...matched.map(({ anchors }) => anchors.length));
    const help =
      reuse === 1
        ? 'With `reuse: 1` a pair takes two images that no other pair shows: give a `per_class` of at most half of the smallest class, or a larger `reuse`.'
        : undefined;
    throw notEnough('pairs', { short, of: matched.length, asked }, help);
  }
  return matched.flatMap(({ anchors, partners }) =>
    anchors.flatMap((anchor, place) => [anchor, partners[place] ?? -1]),
  );
}
