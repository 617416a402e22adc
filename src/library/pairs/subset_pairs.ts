import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import { noClass } from '../artifact/no-class.js';
import { openPairs } from '../artifact/pairs.js';
import { implement } from '../implement.js';
import { leavePairs } from './leave-pairs.js';
import { notEnough, takenOfNone } from './not-enough.js';
import { pairsAt, pairsByClass } from './pairs-by-class.js';

/** `std.pairs.subset_pairs`: some pairs of each class. */
export const run = implement('std.pairs.subset_pairs', async (context) => {
  const { of, per_class, seed } = context.params;
  const pairs = openPairs(of);
  const classes = [...pairsByClass(pairs)];
  const short = classes.flatMap(([name, { length }]) =>
    length < per_class ? [{ name, count: length }] : [],
  );
  if (short.length > 0) throw notEnough('pairs', { short, of: classes.length, asked: per_class });
  const none = classes.find(([name]) => name === noClass)?.[1].length ?? 0;
  if (per_class < none) context.remark(takenOfNone('pairs', per_class, none));
  const kept = classes.flatMap(([name, numbers]) => {
    // The first of one order, however many are asked for: a smaller subset is within a larger one.
    const order = permutation(createRng(seed, 'subset', name), numbers.length);
    return Array.from(order.subarray(0, per_class), (place) => numbers[place] ?? -1);
  });
  return leavePairs(context, {
    images: pairs.images,
    pairs: pairsAt(
      pairs,
      kept.sort((a, b) => a - b),
    ),
  });
});
