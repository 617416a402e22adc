import { invariant } from '../../base/errors.js';
import { asMatrix, asVector } from '../../tensor/as-rank.js';
import { type Contrast, infoNce, meanWatch } from '../../tensor/losses/info-nce.js';
import { l2Normalise } from '../../tensor/losses/l2-normalise.js';
import { ntXent } from '../../tensor/losses/nt-xent.js';
import { pick, prefixed, under } from '../../tensor/named-tensors.js';
import {
  applyMlp,
  hiddenLayer,
  initMlp,
  type MlpLayer,
  type MlpShape,
} from '../../tensor/networks/mlp.js';
import { enqueued, queueWatch, randomQueue } from '../../tensor/queue.js';
import { rowsAt } from '../../tensor/rows-at.js';
import { tf } from '../../tensor/tf.js';
import { withoutGradient } from '../../tensor/without-gradient.js';
import { contrastSigns, queueSigns } from '../contrast-signs.js';
import { describe } from '../implement.js';
import { queueRemarks } from '../queue-remarks.js';

/**
 * NNCLR; see stdlib/ssl.ssp. The queue is state, `queue` (m, d), the oldest row first: neighbours are
 * sought in it before the first view's projections come in.
 */
export const make = describe('std.ssl.nnclr', ({ temperature, hidden, dim, ...given }) => {
  const projector = (input: number): MlpShape => {
    const last: MlpLayer = { width: dim, bias: false, norm: 'affine' };
    return { input, layers: [hiddenLayer(hidden, false), hiddenLayer(hidden, false), last] };
  };
  const predictor: MlpShape = {
    input: dim,
    layers: [hiddenLayer(given.predictor, false), { width: dim, bias: true }],
  };
  const { compare, guess, among } = candidates[given.candidates];
  return {
    views: 2,
    signs: {
      ...contrastSigns(guess, among),
      neighbour: { what: 'mean cosine of a projection with its nearest neighbour' },
      ...queueSigns,
    },
    remarks: (length) => queueRemarks({ queue: given.queue, sides: 1, row: 'projection' }, length),
    init: ({ features, rng }) => ({
      trained: {
        ...prefixed(initMlp(projector(features), rng.split('projector')), 'projector'),
        ...prefixed(initMlp(predictor, rng.split('predictor')), 'predictor'),
      },
      state: { queue: randomQueue(rng.split('queue'), given.queue, dim) },
    }),
    loss({ trained, state, views, encodeEach, at }) {
      const { features, state: statistics } = encodeEach(trained, state, views);
      const queue = asMatrix(pick(state, 'queue'));
      const [one, two] = features.map((seen) => {
        const z = applyMlp(projector(seen.shape[1]), under(trained, 'projector'), seen);
        const p = l2Normalise(applyMlp(predictor, under(trained, 'predictor'), z));
        const unit = withoutGradient(() => l2Normalise(z));
        return { p, z: unit, neighbours: withoutGradient(() => nearest(unit, queue)) };
      });
      invariant(one && two && views.length === 2, `NNCLR compares 2 views, not ${views.length}`);
      const forth = compare(one.neighbours, two.p, temperature);
      const back = compare(two.neighbours, one.p, temperature);
      const closeness = withoutGradient(() => tf.mean(tf.sum(tf.mul(one.z, one.neighbours), 1)));
      return {
        loss: tf.mul<tf.Scalar>(tf.add(forth.loss, back.loss), 0.5),
        state: { ...statistics, queue: withoutGradient(() => enqueued(queue, one.z)) },
        watch: {
          ...meanWatch(forth.watch, back.watch),
          neighbour: closeness,
          ...queueWatch(queue, one.z.shape[0], at.step),
        },
      };
    },
  };
});

/** What a neighbour is told from its own prediction among: the other predictions, or the other neighbours too. */
const candidates = {
  predictions: { compare: infoNce, guess: 'ln(n)', among: 'the predictions of n pairs' },
  both: {
    compare(neighbours: tf.Tensor2D, p: tf.Tensor2D, temperature: number): Contrast {
      const { watch } = infoNce(neighbours, p, temperature);
      const loss = ntXent(asMatrix(tf.concat([neighbours, p])), temperature);
      const guess = Math.log(2 * p.shape[0] - 1);
      return { loss, watch: { ...watch, of_chance: withoutGradient(() => tf.div(loss, guess)) } };
    },
    guess: 'ln(2n - 1)',
    among: 'the other neighbours and predictions of n pairs',
  },
};

/** The row of the queue (m, d) that is nearest to each of z (n, d), all of length 1. */
function nearest(z: tf.Tensor2D, queue: tf.Tensor2D): tf.Tensor2D {
  const places = tf.argMax(tf.matMul(z, queue, false, true), 1);
  return rowsAt(queue, asVector(places));
}
