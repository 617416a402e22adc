import { loadTensorFlow } from '../../tensor/load.js';
import { accuracy } from '../../tensor/probe/linear-probe.js';
import { voteOfNeighbours } from '../../tensor/probe/vote.js';
import { remarkCopies } from '../artifact/copies.js';
import { remarkDirections } from '../artifact/directions.js';
import { factsOfScore } from '../artifact/facts.js';
import { openFeatures, remarkCollapse, remarkOneAnswer } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { compareClasses, countsOf, knownClasses } from '../artifact/labels.js';
import { writePredictions } from '../artifact/predictions.js';
import { requireNeighbours, sameSplit } from '../artifact/require-neighbours.js';
import { implement } from '../implement.js';

/** Weighted vote of the nearest neighbours: see `std.probe.knn_probe`. */
export const run = implement('std.probe.knn_probe', async (context) => {
  const { label, k, temperature, ...names } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(names.on);
  const train = images.indicesOf(names.train);
  const test = images.indicesOf(names.test);
  const same = requireNeighbours(k, train.length, names);
  const { classes, labelsOf } = knownClasses(images, label, names.train, context);
  const labels = labelsOf(test);
  const asked = { label, train: names.train, split: names.test, classes };
  compareClasses(labels, asked, context);
  if (same) context.log(sameSplit);
  remarkCopies(images, names, context);
  const features = openFeatures(names.encoder, images, names.on);
  const bank = features.at(train);
  const queries = same ? bank : features.at(test);
  if (!remarkCollapse(bank, features.d, names.train, context)) {
    remarkDirections(bank, features.d, names.train, context);
    if (!same && !remarkOneAnswer(queries, features.d, names.test, context)) {
      remarkDirections(queries, features.d, names.test, context);
    }
  }
  const predictions = voteOfNeighbours({
    bank,
    labels: labelsOf(train),
    queries,
    themselves: same,
    d: features.d,
    classes: classes.length,
    k,
    temperature,
  });
  context.log(
    `${train.length} images to find, ${test.length} to score on; ${countsOf(labelsOf(train), classes)}`,
  );
  const question = { images, on: names.on, split: names.test, label, classes };
  writePredictions(context, question, test, [predictions]);
  return {
    metrics: { top1: accuracy(predictions, labels) },
    facts: factsOfScore({ fitted: train.length, asked: test.length, classes: classes.length }),
  };
});
