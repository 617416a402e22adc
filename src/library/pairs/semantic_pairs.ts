import { SspError } from '../../base/errors.js';
import { createRng } from '../../tensor/rng.js';
import { type Images, openImages } from '../artifact/images.js';
import { writePairs } from '../artifact/pairs.js';
import { implement } from '../stage.js';
import { chooseAnchors, partnersOf } from './choose-anchors.js';
import { readPairList } from './read-pair-list.js';

/** `std.pairs.semantic_pairs`: two different images of one class. */
export const run = implement('std.pairs.semantic_pairs', async (context) => {
  const { source, list, per_class, split, seed } = context.params;
  const images = openImages(source);
  const pairs =
    list === null
      ? drawPairs(images, split, per_class, seed)
      : firstOfEachClass(images, readPairList(list, images, split), per_class);
  writePairs(context.out, images, pairs);
  context.log(`${pairs.length / 2} semantic pairs`);
  return {};
});

/** Each anchor with a random partner. */
function drawPairs(
  images: Images,
  split: string,
  perClass: number | null,
  seed: number,
): Int32Array {
  const pairs = chooseAnchors(images, split, perClass, seed).flatMap(
    ({ name, members, anchors }) => {
      const rng = createRng(seed, 'partners', name);
      return anchors.flatMap((anchor) => {
        const partners = partnersOf(images, anchor, members);
        return [anchor, partners[rng.below(partners.length)] ?? -1];
      });
    },
  );
  if (pairs.length > 0) return Int32Array.from(pairs);
  throw new SspError('no-pairs', `no class of split ${split} has two images to pair`, {
    help: 'A semantic pair is two images of one class, by different artists where they have artists.',
  });
}

/** The listed pairs, at most `perClass` of each class, in the list's order. */
function firstOfEachClass(images: Images, pairs: Int32Array, perClass: number | null): Int32Array {
  if (perClass === null) return pairs;
  const classes = images.attribute('class');
  const taken = new Map<string | undefined, number>();
  return pairs.filter((_, at) => {
    const name = classes[pairs[at - (at % 2)] ?? -1];
    const before = taken.get(name) ?? 0;
    if (at % 2 === 1) taken.set(name, before + 1);
    return before < perClass;
  });
}
