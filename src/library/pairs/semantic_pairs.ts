import { SspError } from '../../base/errors.js';
import { createRng } from '../../tensor/rng.js';
import { type Images, openImages } from '../artifact/images.js';
import { implement } from '../implement.js';
import type { StageContext } from '../stage.js';
import { type Choice, type ClassAnchors, chooseAnchors } from './choose-anchors.js';
import { type ClassMembers, classMembers } from './class-members.js';
import { leavePairs } from './leave-pairs.js';
import { mostPairs, pairsAtMost } from './most-pairs.js';
import { notEnough } from './not-enough.js';
import { checkReuse, firstOfEachClass, remarkUnlisted } from './of-list.js';
import { readPairList } from './read-pair-list.js';
import { withClass } from './with-class.js';

type Remarking = Pick<StageContext<unknown>, 'remark'>;

/** `std.pairs.semantic_pairs`: two different images of one class. */
export const run = implement('std.pairs.semantic_pairs', async (context) => {
  const { source, list, per_class, reuse, split, seed } = context.params;
  const images = openImages(source);
  if (list !== null) {
    const pairs = firstOfEachClass(images, readPairList(list, images, split, context), per_class);
    if (per_class !== null) remarkUnlisted(images, pairs, split, context);
    if (reuse !== null) checkReuse(images, pairs, reuse);
    return leavePairs(context, { images, pairs });
  }
  const asked = { split, per_class, seed };
  const known = withClass(images, images.indicesOf(split), split, context);
  const classes = classMembers(images, known);
  const drawn =
    reuse === null
      ? drawFreely(chooseAnchors(images, classes, asked, context), seed)
      : drawAtMost(images, classes, asked, reuse, context);
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

/**
 * Pairs of which no image is in more than `reuse`: `per_class` of each class, or as many as there are.
 * @throws SspError `too-few-pairs` with how many there are of the classes that have fewer.
 */
function drawAtMost(
  images: Images,
  classes: readonly ClassMembers[],
  asked: Choice,
  reuse: number,
  context: Remarking,
): number[] {
  const { per_class: count, seed } = asked;
  if (count === null) {
    const chosen = chooseAnchors(images, classes, asked, context);
    return chosen.flatMap((one) => mostPairs(one, { reuse, seed }));
  }
  const drawn = classes.map((one) => pairsAtMost(one, count, { reuse, seed }));
  const short = classes.flatMap((one, at) => {
    if (drawn[at] !== undefined) return [];
    return [{ name: one.name, count: mostPairs(one, { reuse, seed }).length / 2 }];
  });
  if (short.length === 0) return drawn.flatMap((pairs) => pairs ?? []);
  const most = short.reduce((least, one) => Math.min(least, one.count), count);
  throw notEnough(
    'pairs',
    { short, of: classes.length, asked: count },
    most > 0
      ? `With \`reuse: ${reuse}\` give \`per_class: ${most}\` or less, or none for as many as each class has; or a larger \`reuse\`.`
      : undefined,
  );
}
