import { SspError } from '../../base/errors.js';
import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import { openPairs } from '../artifact/pairs.js';
import { implement } from '../implement.js';
import { leavePairs } from './leave-pairs.js';

/** `std.pairs.corrupted_pairs`: a share of the pairs with an image of another class. */
export const run = implement('std.pairs.corrupted_pairs', async (context) => {
  const { of, share, label, seed } = context.params;
  const { count, images, pairs } = openPairs(of);
  const { numbers } = images.labels(label);
  const classOf = (image: number): number => numbers[image] ?? -1;
  const seconds = Int32Array.from({ length: count }, (_, pair) => pairs[2 * pair + 1] ?? -1);
  const wrong = Math.round(share * count);
  const order = permutation(createRng(seed, 'corrupted'), count);
  const made = pairs.slice();
  for (const pair of order.subarray(0, wrong)) {
    const own = classOf(pairs[2 * pair] ?? -1);
    if (seconds.every((image) => classOf(image) === own)) throw oneClass(label);
    // A stream of its own: the wrong partner of a pair is the same whatever the share.
    const rng = createRng(seed, 'wrong partner', pair);
    let partner = -1;
    do partner = seconds[rng.below(count)] ?? -1;
    while (classOf(partner) === own);
    made[2 * pair + 1] = partner;
  }
  context.log(`${wrong} of ${count} pairs are wrong matches`);
  return leavePairs(context, { images, pairs: made, facts: { 'wrong matches': wrong } });
});

function oneClass(label: string): SspError {
  return new SspError('one-class', `the pairs have one \`${label}\` alone: no match is wrong`, {
    help: 'A wrong match is two images that differ in `label`: name an attribute of several values.',
  });
}
