import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { accuracy } from '../../tensor/probe/linear-probe.js';
import { retrieveAcross } from '../../tensor/probe/retrieve.js';
import { countCopies } from '../artifact/copies.js';
import { remarkDirections } from '../artifact/directions.js';
import { factsOfScore } from '../artifact/facts.js';
import { openFeatures, remarkCollapse } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { knownClasses } from '../artifact/labels.js';
import { writePredictions } from '../artifact/predictions.js';
import { implement } from '../implement.js';

/** Nearest item of another group: see `std.probe.retrieval`. */
export const run = implement('std.probe.retrieval', async (context) => {
  const { encoder, on, label, apart, split } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const indices = images.indicesOf(split);
  const { numbers } = images.labels(apart);
  const groups = Int32Array.from(indices, (index) => numbers[index] ?? -1);
  const { classes, labelsOf } = knownClasses(images, label, split, context);
  const labels = labelsOf(indices);
  const { d, at } = openFeatures(encoder, images, on);
  const features = at(indices);
  if (!remarkCollapse(features, d, split, context)) remarkDirections(features, d, split, context);
  const found = retrieveAcross({ features, d, labels, groups });
  const { asked, predictions } = found;
  if (asked.length === 0) {
    throw new SspError(
      'nothing-to-retrieve',
      `in split \`${split}\` no two images agree in \`${label}\` and differ in \`${apart}\``,
      { help: 'Choose attributes of which the same value occurs across several of the other.' },
    );
  }
  const isCandidate = (index: number, other: number) => numbers[index] !== numbers[other];
  const copies = countCopies(images, indices, indices, isCandidate);
  if (copies > 0) {
    context.remark(
      `${copies} of the ${indices.length} images of split \`${split}\` ${verbOf(copies, 'has', 'have')} the very pixels of an image that differs in \`${apart}\``,
    );
  }
  context.log(`${asked.length} of ${indices.length} images have a counterpart and were looked for`);
  const question = { images, on, split, label, classes, apart };
  const places = asked.map((item) => indices[item] ?? -1);
  writePredictions(context, question, places, [predictions]);
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
  const share = (ranks: Int32Array, k: number) =>
    ranks.filter((rank) => rank <= k).length / ranks.length;
  return {
    metrics: {
      top1: accuracy(predictions, labelsOf(places)),
      recall_5: share(found.first, 5),
      recall_10: share(found.first, 10),
      map: mean(found.precision),
      r_precision: mean(found.ofClass),
    },
    facts: {
      ...factsOfScore({ searched: indices.length, asked: asked.length }),
      'without a counterpart': indices.length - asked.length,
    },
  };
});
