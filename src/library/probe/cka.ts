import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { linearCka } from '../../tensor/probe/cka.js';
import { factsOfScore } from '../artifact/facts.js';
import { openFeatures, requireDifferences } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { implement } from '../implement.js';

/** The unbiased estimate divides by n - 2 and n - 1; of fewer images it says nothing. */
const fewest = 4;

/** How alike two encoders see images: see `std.probe.cka`. */
export const run = implement('std.probe.cka', async (context) => {
  const { encoder, other, on, split } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const indices = images.indicesOf(split);
  if (indices.length < fewest) {
    throw new SspError(
      'too-few-images',
      `split \`${split}\` has ${indices.length} images, and CKA needs ${fewest} at least`,
      { help: 'Give a split with more images.' },
    );
  }
  const [x, y] = [encoder, other].map((given) => {
    const { d, at } = openFeatures(given, images, on);
    return { features: at(indices), d };
  });
  if (!x || !y) throw new RangeError('two encoders are compared');
  requireDifferences(x.features, x.d, split, '`encoder`');
  requireDifferences(y.features, y.d, split, '`other`');
  context.log(`${indices.length} images, features of length ${x.d} and ${y.d}`);
  const { cka, debiased } = linearCka(x, y);
  if (Number.isNaN(debiased)) {
    throw new SspError(
      'constant-features',
      `in split \`${split}\` the features of \`encoder\` or \`other\` do not differ between images, but for one of them: unbiased estimates say nothing`,
      { help: 'Give features that tell more images apart.' },
    );
  }
  return {
    metrics: { cka, debiased },
    facts: { ...factsOfScore({ asked: indices.length }), features: `${x.d} and ${y.d}` },
  };
});
