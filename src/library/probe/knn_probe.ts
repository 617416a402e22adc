import { SspError } from '../../base/errors.js';
import { accuracy } from '../../tensor/linear-probe.js';
import { loadTensorFlow } from '../../tensor/runtime/load.js';
import { voteOfNeighbours } from '../../tensor/vote.js';
import { embedItems, openEncoder } from '../artifact/encoder.js';
import { openImages } from '../artifact/images.js';
import { countUnknown, knownClasses } from '../artifact/labels.js';
import { implement } from '../stage.js';

/** Weighted vote of the nearest neighbours: see `std.probe.knn_probe`. */
export const run = implement('std.probe.knn_probe', async (context) => {
  const { label, k, temperature, ...names } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(names.on);
  const train = images.indicesOf(names.train);
  const test = images.indicesOf(names.test);
  if (k > train.length) {
    throw new SspError(
      'too-many-neighbours',
      `\`k\` is ${k}, but split \`${names.train}\` has ${train.length} images`,
      { help: `Give \`k: ${train.length}\` or less.` },
    );
  }
  const { classes, labelsOf } = knownClasses(images, label, train);
  const labels = labelsOf(test);
  const unknown = countUnknown(labels, { label, train: names.train, split: names.test });
  if (unknown > 0) context.log(`${unknown} of ${test.length} test images are of unknown classes`);
  const encoder = openEncoder(names.encoder);
  const predictions = voteOfNeighbours({
    bank: embedItems(encoder, images, train),
    labels: labelsOf(train),
    queries: embedItems(encoder, images, test),
    d: encoder.features,
    classes: classes.length,
    k,
    temperature,
  });
  return { metrics: { top1: accuracy(predictions, labels) } };
});
