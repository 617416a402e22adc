import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { drawShots, eachFewShot, meanOverDraws } from '../../tensor/probe/few-shot.js';
import { accuracy } from '../../tensor/probe/linear-probe.js';
import { remarkCopies } from '../artifact/copies.js';
import { factsOfScore } from '../artifact/facts.js';
import { openFeatures, remarkCollapse, remarkOneAnswer } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import {
  compareClasses,
  countsOf,
  imagesOfEach,
  knownClasses,
  listed,
} from '../artifact/labels.js';
import { writePredictions } from '../artifact/predictions.js';
import { implement } from '../implement.js';

/** Nearest class mean from few labelled images, over many draws: see `std.probe.few_shot`. */
export const run = implement('std.probe.few_shot', async (context) => {
  const { label, shots, draws, seed, ...names } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(names.on);
  const train = images.indicesOf(names.train);
  const test = images.indicesOf(names.test);
  const { classes, labelsOf } = knownClasses(images, label, names.train, context);
  const known = labelsOf(train);
  requireShots(known, classes, context.params);
  const labels = labelsOf(test);
  compareClasses(labels, { label, train: names.train, split: names.test, classes }, context);
  if (names.train === names.test) {
    context.remark(
      `\`train\` and \`test\` are the same split, \`${names.test}\`: the drawn images are scored too`,
    );
  } else remarkCopies(images, names, context);
  const { d, at } = openFeatures(names.encoder, images, names.on);
  const bank = at(train);
  const queries = at(test);
  if (!remarkCollapse(bank, d, names.train, context)) {
    remarkOneAnswer(queries, d, names.test, context);
  }
  const scores: number[] = [];
  const found: Int32Array[] = [];
  const drawn = function* () {
    for (let draw = 0; draw < draws; draw++) {
      yield drawShots(known, classes.length, { shots, seed, draw });
    }
  };
  const sample = { bank, queries, d, classes: classes.length };
  eachFewShot(sample, drawn(), (predictions) => {
    found.push(predictions);
    scores.push(accuracy(predictions, labels));
    context.progress({ unit: 'draw', done: scores.length, total: draws });
  });
  const { mean, halfWidth } = meanOverDraws(scores);
  context.log(
    `${draws} draws of ${shots} of each of ${classes.length} classes, ${test.length} to score on; ${countsOf(known, classes)}`,
  );
  const question = { images, on: names.on, split: names.test, label, classes };
  writePredictions(context, question, test, found);
  return {
    metrics: { top1: mean, half_width: halfWidth },
    facts: {
      ...factsOfScore({
        fitted: shots * classes.length,
        asked: test.length,
        classes: classes.length,
      }),
      'drawn from': train.length,
      draws,
    },
  };
});

/** @throws SspError `too-few-images` when a class has fewer images than are drawn of each. */
function requireShots(
  labels: Int32Array,
  classes: readonly string[],
  {
    shots,
    train,
    label,
  }: { readonly shots: number; readonly train: string; readonly label: string },
): void {
  const counts = imagesOfEach(labels, classes);
  const few = classes.filter((_, number) => (counts[number] ?? 0) < shots);
  if (few.length === 0) return;
  const least = counts.reduce((least, count) => Math.min(least, count));
  throw new SspError(
    'too-few-images',
    `\`shots\` is ${shots}, but ${few.length} of the ${classes.length} values of \`${label}\` in split \`${train}\` ${verbOf(few.length, 'has', 'have')} fewer images: ${listed(few)}`,
    { help: `Give \`shots: ${least}\` or less, or a split with more images of these.` },
  );
}
