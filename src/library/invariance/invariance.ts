import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { accuracy } from '../../tensor/probe/linear-probe.js';
import { voteOfNeighbours } from '../../tensor/probe/vote.js';
import { remarkDirections } from '../artifact/directions.js';
import { factsOfScore } from '../artifact/facts.js';
import { openFeatures, remarkCollapse, remarkOneAnswer } from '../artifact/features.js';
import { type Images, openImages } from '../artifact/images.js';
import { compareClasses, knownClasses } from '../artifact/labels.js';
import { writePredictions } from '../artifact/predictions.js';
import { requireNeighbours, sameSplit } from '../artifact/require-neighbours.js';
import { implement } from '../implement.js';

/** `std.invariance.invariance`: features and answers before and after a change. */
export const run = implement('std.invariance.invariance', async (context) => {
  const { label, k, temperature, ...names } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(names.on);
  const changed = openImages(names.changed);
  const train = images.indicesOf(names.train);
  const test = images.indicesOf(names.test);
  checkSame(changed, images, test, names.test);
  const same = requireNeighbours(k, train.length, names);
  const { classes, labelsOf } = knownClasses(images, label, names.train, context);
  const labels = labelsOf(test);
  const asked = { label, train: names.train, split: names.test, classes };
  compareClasses(labels, asked, context);
  if (same) context.log(sameSplit);
  const features = openFeatures(names.encoder, images, names.on);
  const { d } = features;
  const later = openFeatures(names.after, changed, names.changed);
  if (later.d !== d) {
    throw new SspError(
      'other-features',
      `the features of the changed images have length ${later.d}, those of the others ${d}`,
      { help: 'Give features of one encoder.' },
    );
  }
  const bank = features.at(train);
  const before = features.at(test);
  const after = later.at(Int32Array.from(test.keys()));
  if (!remarkCollapse(bank, d, names.train, context)) {
    remarkDirections(bank, d, names.train, context);
    remarkOneAnswer(before, d, names.test, context);
  }
  const vote = (queries: Float32Array): Int32Array =>
    voteOfNeighbours({
      bank,
      labels: labelsOf(train),
      queries,
      themselves: same,
      d,
      classes: classes.length,
      k,
      temperature,
    });
  const [answers, answersAfter] = [vote(before), vote(after)];
  const question = { images: changed, on: names.changed, split: names.test, label, classes };
  writePredictions(context, question, Int32Array.from(test.keys()), [answersAfter]);
  return {
    metrics: {
      top1: accuracy(answersAfter, labels),
      clean: accuracy(answers, labels),
      same: accuracy(answersAfter, answers),
      similarity: meanSimilarity(before, after, meanOf(bank, d), d),
    },
    facts: factsOfScore({ fitted: train.length, asked: test.length, classes: classes.length }),
  };
});

/** Are they the images of the split, in their order? @throws SspError `other-images`. */
function checkSame(changed: Images, images: Images, test: Int32Array, split: string): void {
  const names = [...test].map((index) => images.items[index]?.name);
  const other = names.findIndex((name, place) => changed.items[place]?.name !== name);
  if (other < 0 && changed.count === names.length) return;
  const found =
    other < 0
      ? `${changed.count} images, and split \`${split}\` has ${names.length}`
      : `\`${changed.items[other]?.name ?? 'nothing'}\` in place ${other}, where split \`${split}\` has \`${names[other]}\``;
  throw new SspError('other-images', `\`changed\` has ${found}`, {
    help: 'Give what `changed` makes of this split of these images.',
  });
}

/** The mean of features (n, d). */
export function meanOf(features: Float32Array, d: number): Float64Array {
  const mean = new Float64Array(d);
  const n = features.length / d;
  features.forEach((value, at) => {
    mean[at % d] = (mean[at % d] ?? 0) + value / n;
  });
  return mean;
}

/**
 * The mean cosine similarity of two features (n, d) of each image, both without `mean`; an image of which
 * one is exactly the mean has none, and counts as 0.
 */
export function meanSimilarity(
  before: Float32Array,
  after: Float32Array,
  mean: Float64Array,
  d: number,
): number {
  const n = before.length / d;
  let sum = 0;
  for (let row = 0; row < n; row++) {
    let [dot, a, b] = [0, 0, 0];
    for (let column = 0; column < d; column++) {
      const centre = mean[column] ?? 0;
      const x = (before[row * d + column] ?? 0) - centre;
      const y = (after[row * d + column] ?? 0) - centre;
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    sum += a > 0 && b > 0 ? dot / Math.sqrt(a * b) : 0;
  }
  return sum / n;
}
