import { SspError } from '../../base/errors.js';
import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import { listed } from '../artifact/labels.js';
import { openPairs } from '../artifact/pairs.js';
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
  const pairs = a.pairs.slice();
  const inB = pairsByClass(b);
  let taken = 0;
  for (const [name, numbers] of pairsByClass(a)) {
    const others = inB.get(name) ?? [];
    const count = Math.round(share * numbers.length);
    // The first of one order, so that a smaller share is within a larger one.
    const order = permutation(createRng(seed, 'mixed', name), numbers.length);
    for (const place of order.subarray(0, count)) {
      const [to, from] = [numbers[place] ?? -1, others[place] ?? -1];
      for (const side of [0, 1]) pairs[2 * to + side] = b.pairs[2 * from + side] ?? -1;
    }
    taken += count;
  }
  context.log(`${taken} of ${a.count} pairs are from \`b\``);
  return leavePairs(context, { images: a.images, pairs, facts: { 'from b': taken } });
});
