import { SspError } from '../../base/errors.js';
import { retrieveAcross } from '../../tensor/retrieve.js';
import { loadTensorFlow } from '../../tensor/runtime/load.js';
import { embedItems, openEncoder } from '../artifact/encoder.js';
import { openImages } from '../artifact/images.js';
import { implement } from '../stage.js';

/** Nearest item of another group: see `std.probe.retrieval`. */
export const run = implement('std.probe.retrieval', async (context) => {
  const { encoder: artifact, on, label, apart, split } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const indices = images.indicesOf(split);
  const numbersOf = (attribute: string): Int32Array => {
    const { numbers } = images.labels(attribute);
    return Int32Array.from(indices, (index) => numbers[index] ?? -1);
  };
  const labels = numbersOf(label);
  const groups = numbersOf(apart);
  const encoder = openEncoder(artifact);
  const features = embedItems(encoder, images, indices);
  const { right, asked } = retrieveAcross({ features, d: encoder.features, labels, groups });
  if (asked === 0) {
    throw new SspError(
      'nothing-to-retrieve',
      `in split \`${split}\` no two images agree in \`${label}\` and differ in \`${apart}\``,
      { help: 'Choose attributes of which the same value occurs across several of the other.' },
    );
  }
  context.log(`${asked} of ${indices.length} images have a counterpart and were looked for`);
  return { metrics: { top1: right / asked } };
});
