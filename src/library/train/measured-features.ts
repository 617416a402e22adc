import { asMatrix, asRank4 } from '../../tensor/as-rank.js';
import { featureMeasures } from '../../tensor/losses/feature-measures.js';
import { tf } from '../../tensor/tf.js';
import { planesOfPixels } from '../../tensor/views/planes.js';
import { tensorsOf } from '../../tensor/views/view-tensors.js';
import type { Pairs } from '../artifact/pairs.js';
import type { Alarm, Backbone, Signs, Views } from '../stage.js';
import type { Measured } from '../train-encoder.js';
import { drawnViews } from './drawn-views.js';
import { viewsFrom } from './views-of-pairs.js';

/** Most pairs, and pixels of their images, that are measured. */
const [mostPairs, mostPixels] = [256, 2 ** 21];
/** Of the pairs of an epoch: their two passes forward are a hundredth of its work, three passes of two views. */
const share = 0.03;
/** However short an epoch is. */
const leastPairs = 16;

/** How many of the pairs an epoch ends with measuring: so few that it is not measurably longer. */
export function measuredPairs(pairs: number, size: number): number {
  const few = Math.max(leastPairs, Math.floor(share * pairs));
  const held = Math.max(2, Math.floor(mostPixels / size ** 2));
  return Math.min(pairs, mostPairs, few, held);
}

/**
 * The encoder's features by running statistics, nothing drawn, of two views of pairs that stand all along the list, drawn once: the same for all epochs of a training, and for all
 * trainings of one seed on the same pairs and views.
 */
export function measuredFeatures(
  { pairs, images, count }: Pairs,
  views: Views,
  { backbone, seed }: { readonly backbone: Backbone; readonly seed: number },
): Measured {
  const { size } = images;
  const n = measuredPairs(count, size);
  const chosen = Int32Array.from({ length: n }, (_, index) => Math.floor((index * count) / n));
  const two: Views = { views: views.views.slice(0, 2) };
  const seen = tf.tidy(() => {
    const sides = [0, 1].map((side) => {
      const own = chosen.map((pair) => pairs[2 * pair + side] ?? 0);
      return [`side${side}.planes`, planesOfPixels(images.pixels(own), size)];
    });
    const extent = { count: n, height: size, width: size };
    const drawn = tensorsOf(drawnViews({ views: two, extent, seed, numbered: true }, -1));
    const made = viewsFrom(two, { ...Object.fromEntries(sides), ...drawn });
    return Object.values(made).map(asRank4);
  });
  return {
    signs: signsOf(n, backbone.features),
    measure: (weights) =>
      tf.tidy(() => {
        const [first, second] = seen.map((x) => asMatrix(backbone.apply(weights, x).features));
        return first && second ? { ...featureMeasures(first, second) } : {};
      }),
    dispose: () => tf.dispose(seen),
  };
}

/** Where there are fewer to fill, few are no sign. */
const leastDirections = 8;
/** Features that fill their mean and one direction beside it tell two classes apart, and no third. */
const fewDirections: Alarm = {
  to: 2,
  means: 'the features collapsed into few directions',
  advice:
    'so at most two kinds of images can be told apart, whatever the loss says: lower the learning rate, warm up longer, or let a teacher follow more slowly',
};

function signsOf(n: number, d: number): Signs {
  const on = `the same ${n} pairs each epoch`;
  const most = Math.min(n, d);
  return {
    rankme: {
      what: `RankMe, the directions that the encoder's features fill, on ${on}`,
      lines: { most },
      beside: true,
      ...(most >= leastDirections && { alarms: [fewDirections] }),
    },
    alignment: {
      what: `mean squared distance of the features, of length 1, of the two views of a pair, on ${on}`,
      beside: true,
    },
    uniformity: {
      what: `how evenly features lie on the sphere, from 0, all the same, down, on ${on}`,
      beside: true,
    },
  };
}
