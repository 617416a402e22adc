import { invariant, SspError } from '../../base/errors.js';
import { asMatrix, asRank4 } from '../../tensor/as-rank.js';
import { meanWatch, queueNce } from '../../tensor/losses/info-nce.js';
import { l2Normalise } from '../../tensor/losses/l2-normalise.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { emaShare } from '../../tensor/optim/ema.js';
import { copied, teacherAt } from '../../tensor/optim/teacher.js';
import { enqueued, queueWatch, randomQueue } from '../../tensor/queue.js';
import { tf } from '../../tensor/tf.js';
import { allWithoutGradient } from '../../tensor/without-gradient.js';
import { contrastSigns, queueSigns } from '../contrast-signs.js';
import { describe } from '../implement.js';
import { queueRemarks } from '../queue-remarks.js';
import type { MethodStep } from '../stage.js';

/**
 * MoCo v2; see stdlib/ssl.ssp. State: the key encoder, `key.encoder.…` and `key.projector.…` (weights
 * alone, as its passes use the batch's own statistics), and `queue` (m, d), the oldest row first. The key
 * encoder moves in the loss, before it makes the keys, as in the official code.
 */
export const make = describe('std.ssl.moco_v2', ({ temperature, dim, ...given }) => {
  const head = (input: number): MlpShape => {
    const last = { width: dim, bias: true };
    if (given.head === 'linear') return { input, layers: [last] };
    return {
      input,
      layers: [{ width: given.hidden ?? input, bias: true, activation: 'relu' }, last],
    };
  };
  const guess = Math.log(given.queue + 1);
  const lines = given.symmetric ? { '2 ln(queue + 1)': 2 * guess } : { 'ln(queue + 1)': guess };
  const keys = teacherAt('key');
  const project = (weights: NamedTensors, features: tf.Tensor2D): tf.Tensor2D =>
    l2Normalise(applyMlp(head(features.shape[1]), under(weights, 'projector'), features));
  return {
    views: 2,
    signs: {
      ...contrastSigns('ln(queue + 1)', 'the key and the queue'),
      ...queueSigns,
      loss: { what: 'cross-entropy of the key among the queue in nats', lines },
    },
    remarks: (length) => [
      ...queueRemarks({ queue: given.queue, sides: given.symmetric ? 2 : 1, row: 'key' }, length),
      ...(given.head === 'linear' && given.hidden !== null
        ? ['`hidden` is not used, as `head: "linear"` has no hidden layer']
        : []),
    ],
    init({ features, rng, encoder }) {
      const trained = prefixed(initMlp(head(features), rng.split('projector')), 'projector');
      return {
        trained,
        state: {
          ...keys.begin(copied({ ...prefixed(encoder.trained, 'encoder'), ...trained })),
          queue: randomQueue(rng.split('queue'), given.queue, dim),
        },
      };
    },
    loss({ trained, state, views, encode, at }) {
      const [first, second] = views;
      invariant(
        first !== undefined && second !== undefined && views.length === 2,
        `MoCo compares 2 views, not ${views.length}`,
      );
      const groups = given.split_bn;
      checkGroups(first.shape[0], groups);
      const directions = given.symmetric ? [views, [second, first]] : [views];
      let statistics: NamedTensors = {};
      const queries = directions.map(([view = first]) => {
        const pass = inGroups(groups, view, (part) =>
          encode(trained, { ...state, ...statistics }, part),
        );
        statistics = pass.state;
        return project(trained, pass.features);
      });
      const made = allWithoutGradient((): NamedTensors => {
        const share = emaShare(given.schedule, given.momentum, at.progress);
        const moved = keys.follow(state, trained, share);
        const weights = keys.weights(moved);
        const found = directions.map(([, view = second], direction) => {
          const shuffled = asRank4(dealt(view, groups));
          const { features } = inGroups(groups, shuffled, (part) => encode(weights, state, part));
          const back = dealt(project(weights, features), shuffled.shape[0] / groups);
          return [`${direction}`, back];
        });
        return { ...moved, ...prefixed(Object.fromEntries(found), 'made') };
      });
      const queue = asMatrix(pick(state, 'queue'));
      const news = queries.map((_, direction) => asMatrix(pick(made, `made.${direction}`)));
      const contrasts = queries.map((q, direction) =>
        queueNce(q, news[direction] ?? q, queue, temperature),
      );
      const [forth, back = forth] = contrasts;
      invariant(forth !== undefined && back !== undefined, 'there is a direction');
      const all = asMatrix(tf.concat(news));
      return {
        loss: tf.addN<tf.Scalar>(contrasts.map(({ loss }) => loss)),
        state: {
          ...statistics,
          ...keys.begin(keys.weights(made)),
          queue: enqueued(queue, all),
        },
        watch: {
          ...meanWatch(forth.watch, back.watch),
          ...queueWatch(queue, all.shape[0], at.step),
        },
      };
    },
  };
});

type Pass = ReturnType<MethodStep['encode']>;

/**
 * SplitBN: groups of images (n, h, w, c) that stand beside each other pass alone, each normalised by
 * statistics of its own; the running statistics are the means of what each group makes of them.
 */
function inGroups(groups: number, x: tf.Tensor4D, encode: (part: tf.Tensor4D) => Pass): Pass {
  if (groups === 1) return encode(x);
  const passes = tf.split(x, groups).map((part) => encode(asRank4(part)));
  const [first] = passes;
  invariant(first !== undefined, 'there is a group');
  const means = Object.keys(first.state).map((name) => {
    const each = passes.map(({ state }) => pick(state, name));
    return [name, tf.div(tf.addN(each), groups)];
  });
  return {
    features: asMatrix(tf.concat(passes.map(({ features }) => features))),
    state: Object.fromEntries(means),
  };
}

/**
 * Rows dealt out to `hands` in turn, those of a hand beside each other. Dealing them out to n / hands
 * undoes it.
 */
function dealt(x: tf.Tensor, hands: number): tf.Tensor {
  const [n = 0, ...rest] = x.shape;
  const size = tf.util.sizeFromShape(rest);
  const inTurn = tf.transpose(tf.reshape(x, [n / hands, hands, size]), [1, 0, 2]);
  return tf.reshape(inTurn, x.shape);
}

function checkGroups(batch: number, groups: number): void {
  if (batch % groups === 0 && batch / groups >= 2) return;
  throw new SspError(
    'split-batch',
    `\`split_bn: ${groups}\` cannot divide a batch of ${batch} into ${groups} equal groups of at least 2`,
    { help: 'Take a batch that is a multiple of it, or `split_bn: 1`, which does not divide it.' },
  );
}
