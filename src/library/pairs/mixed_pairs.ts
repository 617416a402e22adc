import { SspError } from '../../base/errors.js';
import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import { listed } from '../artifact/labels.js';
import { openPairs, type Pairs } from '../artifact/pairs.js';
import { implement } from '../implement.js';
import { checkSameImages } from './check-same-images.js';
import { leavePairs } from './leave-pairs.js';
import { countsText, unmatchedClasses } from './matched-classes.js';
import { pairsByClass } from './pairs-by-class.js';

/** `std.pairs.mixed_pairs`: matched pairs, a share of each class from another set. */
export const run = implement('std.pairs.mixed_pairs', async (context) => {
  const { share, seed } = context.params;
  const [a, b] = [openPairs(context.params.a), openPairs(context.params.b)];
  checkSameImages(a.images, b.images);
  const unmatched = unmatchedClasses(a, b);
  if (unmatched.length > 0) {
    throw new SspError(
      'unmatched-pairs',
      `\`a\` and \`b\` have not the same number of pairs of ${unmatched.length} classes: ${listed(unmatched.map(countsText))}`,
      {
        help: 'Matched sets are mixed: give both the same `per_class`, or take `subset_pairs` of both.',
      },
    );
  }
  const taken = takenInOrder(a, b, seed).slice(0, Math.round(share * a.count));
  const pairs = a.pairs.slice();
  for (const { to, from } of taken) {
    for (const side of [0, 1]) pairs[2 * to + side] = b.pairs[2 * from + side] ?? -1;
  }
  context.log(`${taken.length} of ${a.count} pairs are from \`b\``);
  return leavePairs(context, { images: a.images, pairs, facts: { 'from b': taken.length } });
});

/** A pair of `b`, the one of `a` whose place it takes, and the share from which on it does. */
interface Taken {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/**
 * The pairs of `b` in the order in which a growing share takes them: of each class at even distances, from a beginning
 * that is drawn. So each share has its number of all pairs, and of each class about that, however small classes are.
 */
function takenInOrder(a: Pairs, b: Pairs, seed: number): readonly Taken[] {
  const inB = pairsByClass(b);
  const all = [...pairsByClass(a)].flatMap(([name, numbers]) => {
    const others = inB.get(name) ?? [];
    const order = permutation(createRng(seed, 'mixed', name), numbers.length);
    const begin = createRng(seed, 'mixed from', name).uniform();
    return Array.from(order, (place, at): Taken => {
      const share = (at + begin) / numbers.length;
      return { from: others[place] ?? -1, to: numbers[place] ?? -1, share };
    });
  });
  return all.sort((x, y) => x.share - y.share || x.to - y.to);
}
