import { verbOf } from '../../base/counted.js';
import { listed } from '../artifact/labels.js';
import { openPairs } from '../artifact/pairs.js';
import { implement } from '../implement.js';
import { countsText, unmatchedClasses } from './matched-classes.js';

/** `std.pairs.matched`: have two sets the same classes, and as many pairs of each? */
export const run = implement('std.pairs.matched', async (context) => {
  const [a, b] = [openPairs(context.params.a), openPairs(context.params.b)];
  const unmatched = unmatchedClasses(a, b, context.params.label);
  if (unmatched.length > 0) {
    context.remark(
      `the two sets of pairs are not matched: ${unmatched.length} ${verbOf(unmatched.length, 'class has', 'classes have')} not as many pairs in both: ${listed(unmatched.map(countsText))}`,
    );
  }
  const shown = [new Set(a.pairs).size, new Set(b.pairs).size] as const;
  const differing = unmatched.reduce((sum, counts) => sum + Math.abs(counts.a - counts.b), 0);
  context.log(`${a.count} pairs of ${shown[0]} images, and ${b.count} of ${shown[1]}`);
  return {
    metrics: {
      unmatched_classes: unmatched.length,
      unmatched_pairs: differing,
      pairs_a: a.count,
      pairs_b: b.count,
      images_a: shown[0],
      images_b: shown[1],
    },
  };
});
