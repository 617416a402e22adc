import { SspError } from '../../base/errors.js';
import { createRng } from '../../tensor/rng.js';
import { noClass } from '../artifact/no-class.js';
import { openPairs, type Pairs } from '../artifact/pairs.js';
import { implement } from '../implement.js';
import { leavePairs } from './leave-pairs.js';
import { chainOf, type PairLabels, ringOf } from './wrong-matches.js';

/** `std.pairs.corrupted_pairs`: a share of the pairs, which have exchanged their second images. */
export const run = implement('std.pairs.corrupted_pairs', async (context) => {
  const { of, share, label, seed } = context.params;
  const given = openPairs(of);
  const { count, images, pairs } = given;
  const asked = Math.round(share * count);
  const made = pairs.slice();
  const ring = asked === 0 ? [] : ringNear(asked, label, given, seed);
  for (const [at, pair] of ring.entries()) {
    const next = ring[(at + 1) % ring.length] ?? -1;
    made[2 * pair + 1] = pairs[2 * next + 1] ?? -1;
  }
  context.log(`${ring.length} of ${count} pairs are wrong matches`);
  return leavePairs(context, { images, pairs: made, facts: { 'wrong matches': ring.length } });
});

/**
 * So many pairs that can exchange their second images, or one more or less: of one order, so that fewer are among more.
 * @throws SspError `one-class`, `no-class`, or `too-few-pairs` where too many have one label.
 */
function ringNear(asked: number, label: string, given: Pairs, seed: number): readonly number[] {
  const labels = labelsOf(given, label);
  const chain = chainOf(labels, createRng(seed, 'corrupted'));
  for (const count of [asked, asked + 1, asked - 1]) {
    const ring = ringOf(chain, count, labels);
    if (ring !== undefined) return ring;
  }
  let most = Math.min(asked, chain.length);
  while (most > 0 && ringOf(chain, most, labels) === undefined) most--;
  if (most > 0) throw tooFew(most, asked, label, given);
  throw chain.length > 0 ? oneClass(label) : unknownClass();
}

/** An image without a class agrees with no other, and differs from none, as far as is known. */
function labelsOf({ count, images, pairs }: Pairs, label: string): PairLabels {
  const { values, numbers } = images.labels(label);
  const unknown = label === 'class' ? values.indexOf(noClass) : -1;
  const side = (of: 0 | 1): Int32Array =>
    Int32Array.from({ length: count }, (_, pair) => {
      const number = numbers[pairs[2 * pair + of] ?? -1] ?? -1;
      return number === unknown ? -1 : number;
    });
  return { firsts: side(0), seconds: side(1) };
}

function oneClass(label: string): SspError {
  return new SspError('one-class', `the pairs have one \`${label}\` alone: no match is wrong`, {
    help: 'A wrong match is two images that differ in `label`: name an attribute of several values.',
  });
}

function unknownClass(): SspError {
  return new SspError('no-class', `every pair shows an image without a class (\`${noClass}\`)`, {
    help: 'A wrong match is two images that differ in `label`: name an attribute that is known.',
  });
}

function tooFew(most: number, asked: number, label: string, { count }: Pairs): SspError {
  const share = Math.floor((1000 * most) / count) / 10;
  return new SspError(
    'too-few-pairs',
    `${asked} of the ${count} pairs were to be wrong, but ${most} can exchange their second images so that all differ in \`${label}\`: too many pairs have the same`,
    {
      help: `Give \`share: ${share}%\` or less, or pairs of which no \`${label}\` has more than half.`,
    },
  );
}
