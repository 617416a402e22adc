import { SspError } from '../../base/errors.js';
import { type Labelled, probeLinearly } from '../../tensor/linear-probe.js';
import { loadTensorFlow } from '../../tensor/runtime/load.js';
import { embedItems, openEncoder } from '../artifact/encoder.js';
import { openImages } from '../artifact/images.js';
import { countUnknown, knownClasses } from '../artifact/labels.js';
import { implement } from '../stage.js';

/** Logistic regression on frozen features: see `std.probe.linear_probe`. */
export const run = implement('std.probe.linear_probe', async (context) => {
  const { label, penalties, ...names } = context.params;
  if (penalties.length === 0) {
    throw new SspError('no-penalties', 'the list `penalties` is empty', {
      help: 'Give one number at least, such as `penalties: [0.001]`.',
    });
  }
  loadTensorFlow({ threads: context.threads });
  const images = openImages(names.on);
  const train = images.indicesOf(names.train);
  const test = images.indicesOf(names.test);
  const held = images.items.some((item) => item.split === names.validation)
    ? images.indicesOf(names.validation)
    : undefined;
  if (!held) {
    context.log(
      `no split \`${names.validation}\`: every fifth of \`${names.train}\` is in its place`,
    );
  }
  const { classes, labelsOf } = knownClasses(images, label, train);
  const split = names.test;
  const unknown = countUnknown(labelsOf(test), { label, train: names.train, split });
  if (unknown > 0) context.log(`${unknown} of ${test.length} test images are of unknown classes`);

  const encoder = openEncoder(names.encoder);
  const sample = (indices: Int32Array): Labelled => ({
    features: embedItems(encoder, images, indices),
    labels: labelsOf(indices),
  });
  let tried = 0;
  const { accuracy, validation, penalty } = probeLinearly(
    {
      train: sample(train),
      validation: held && sample(held),
      test: sample(test),
      d: encoder.features,
      classes: classes.length,
      penalties,
    },
    (trial) => {
      tried += 1;
      const percent = (100 * trial.validation).toFixed(1);
      context.log(
        `penalty ${trial.penalty}: validation ${percent} % (${trial.end} after ${trial.iterations} iterations)`,
      );
      context.progress({ unit: 'penalty', done: tried, total: penalties.length });
    },
  );
  return { metrics: { top1: accuracy, validation, penalty } };
});
