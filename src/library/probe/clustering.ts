import { verbOf } from '../../base/counted.js';
import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { clusterScores } from '../../tensor/probe/cluster-scores.js';
import { kMeans } from '../../tensor/probe/k-means.js';
import { createRng } from '../../tensor/rng.js';
import { remarkDirections } from '../artifact/directions.js';
import { factsOfScore } from '../artifact/facts.js';
import { openFeatures, remarkCollapse } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { knownClasses } from '../artifact/labels.js';
import { implement } from '../implement.js';

/** k-means, and how well clusters agree with classes: see `std.probe.clustering`. */
export const run = implement('std.probe.clustering', async (context) => {
  const { encoder, on, label, split, spherical, restarts, iterations, seed } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const indices = images.indicesOf(split);
  const { classes, labelsOf } = knownClasses(images, label, split, context);
  const k = context.params.clusters ?? classes.length;
  if (k > indices.length) {
    throw new SspError(
      'too-few-images',
      `\`clusters\` is ${k}, but split \`${split}\` has ${indices.length} images`,
      { help: `Give \`clusters: ${indices.length}\` or less, or a split with more images.` },
    );
  }
  const { d, at } = openFeatures(encoder, images, on);
  const features = at(indices);
  const collapsed = remarkCollapse(features, d, split, context);
  if (spherical && !collapsed) remarkDirections(features, d, split, context);
  let done = 0;
  const runs = Array.from({ length: restarts }, (_, run) => createRng(seed, 'k-means', run));
  const given = { features, d, clusters: k, spherical, iterations };
  const found = kMeans(given, runs, () => {
    done += 1;
    context.progress({ unit: 'run', done, total: restarts });
  });
  if (!found.converged) {
    context.remark(
      `the best of ${restarts} runs of k-means still changed after ${iterations} iterations: give more \`iterations\``,
    );
  }
  const filled = new Set(found.clusters).size;
  if (filled < k) {
    context.remark(
      `${k - filled} of the ${k} clusters ${verbOf(k - filled, 'has', 'have')} no image: the features tell fewer apart`,
    );
  }
  context.log(`${indices.length} images in ${filled} clusters, ${found.iterations} iterations`);
  const { nmi, ari, accuracy } = clusterScores(found.clusters, labelsOf(indices));
  return {
    metrics: { nmi, ari, accuracy },
    facts: {
      ...factsOfScore({ asked: indices.length, classes: classes.length }),
      clusters: filled,
      runs: restarts,
    },
  };
});
