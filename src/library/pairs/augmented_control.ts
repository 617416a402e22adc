import { openPairs } from '../artifact/pairs.js';
import { implement } from '../implement.js';
import { leavePairs } from './leave-pairs.js';

/** `std.pairs.augmented_control`: each image that pairs show, with itself. */
export const run = implement('std.pairs.augmented_control', async (context) => {
  const { count, images, pairs } = openPairs(context.params.of);
  const shown = [...new Set(pairs)].sort((a, b) => a - b);
  const times = Number((shown.length / count).toFixed(2));
  context.log(
    `${count} pairs show ${shown.length} images: an epoch of the control is ${times} times as long`,
  );
  const twice = Int32Array.from(shown.flatMap((image) => [image, image]));
  return leavePairs(context, {
    images,
    pairs: twice,
    facts: { 'control of': `${count} pairs, an epoch of it ${times} times as long` },
  });
});
