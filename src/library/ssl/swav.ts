import { counted } from '../../base/counted.js';
import { invariant, SspError } from '../../base/errors.js';
import { asMatrix } from '../../tensor/as-rank.js';
import { linearInit } from '../../tensor/layers/init.js';
import { choicesUsed, entropy } from '../../tensor/losses/entropy.js';
import { l2Normalise } from '../../tensor/losses/l2-normalise.js';
import { sinkhorn } from '../../tensor/losses/sinkhorn.js';
import { pairCrossEntropy } from '../../tensor/losses/soft-cross-entropy.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { tf } from '../../tensor/tf.js';
import { allWithoutGradient } from '../../tensor/without-gradient.js';
import { choiceLoss } from '../contrast-signs.js';
import { describe } from '../implement.js';
import type { Signs } from '../stage.js';

/**
 * SwAV; see stdlib/ssl.ssp. `prototypes.weight` (dim, prototypes) has columns of length 1 after each step,
 * as the official code has them at the beginning of the next. State: `queue.0` and `queue.1` (queue, dim),
 * the newest first, for the first two views.
 */
export const make = describe('std.ssl.swav', ({ hidden, dim, prototypes, queue, ...given }) => {
  const projector = (input: number): MlpShape => ({
    input,
    layers: [hiddenLayer(hidden, true), { width: dim, bias: true }],
  });
  const rules = { epsilon: given.epsilon, iterations: given.sinkhorn_iterations };
  return {
    views: 2,
    moreViews: true,
    signs: { ...signsOf(prototypes), ...(queue > 0 && queueSigns) },
    ...(given.frozen_steps > 0 && {
      paces: {
        prototypes: ({ step, scale }) =>
          tf.where(tf.greaterEqual(step, given.frozen_steps), scale, tf.zerosLike(scale)),
      },
    }),
    remarks({ batch, epochs, steps }) {
      const { frozen_steps: frozen, queue_epoch: opens } = given;
      /** Steps from that epoch on, each of which adds a batch; its rows count when the last one is filled. */
      const open = Math.round((steps * Math.max(0, epochs - opens)) / epochs);
      const filling = Math.floor(queue / batch);
      return [
        ...(frozen >= steps
          ? [
              `the prototypes rest for \`frozen_steps: ${frozen}\`, and the training has ${counted(steps, 'step')}: they stay as they begin; take fewer, about the steps of an epoch`,
            ]
          : []),
        ...(queue > 0 && opens >= epochs
          ? [
              `the queue is filled from \`queue_epoch: ${opens}\` on, which is counted from 0, and the training has ${counted(epochs, 'epoch')}: it is never used`,
            ]
          : []),
        ...(queue > 0 && open > 0 && open <= filling
          ? [
              `the queue of ${queue} is used when it is full, after ${counted(filling, 'step')} of ${counted(batch, 'pair')} from epoch ${opens} on (counted from 0), and the training has ${open}: it is never used; take a shorter \`queue\`, or an earlier \`queue_epoch\``,
            ]
          : []),
      ];
    },
    init({ features, rng }) {
      const { weight, bias } = linearInit(rng.split('prototypes'), dim, prototypes);
      const unit = unitColumns(weight);
      weight.dispose();
      if (!given.bias) bias.dispose();
      const queues = queue === 0 ? [] : ['queue.0', 'queue.1'];
      return {
        trained: {
          ...prefixed(initMlp(projector(features), rng.split('projector')), 'projector'),
          'prototypes.weight': unit,
          ...(given.bias && { 'prototypes.bias': bias }),
        },
        state: Object.fromEntries(queues.map((name) => [name, tf.zeros([queue, dim])])),
      };
    },
    loss({ trained, state, views, encodeCrops, at }) {
      invariant(views.length >= 2, `SwAV compares at least 2 views, not ${views.length}`);
      const { features, state: statistics } = encodeCrops(trained, state, views);
      const head = projector(features.shape[1]);
      const z = l2Normalise(applyMlp(head, under(trained, 'projector'), features));
      const columns = asMatrix(pick(trained, 'prototypes.weight'));
      const scored = (embedded: tf.Tensor2D): tf.Tensor2D => {
        const cosines = tf.matMul(embedded, columns);
        return asMatrix(given.bias ? tf.add(cosines, pick(trained, 'prototypes.bias')) : cosines);
      };
      const scores = scored(z);
      const n = z.shape[0] / views.length;
      const assigned = allWithoutGradient((): NamedTensors => {
        const both = [0, 1].map((view) => {
          const now = asMatrix(tf.slice(scores, [view * n, 0], [n, prototypes]));
          const name = `queue.${view}`;
          const older = state[name];
          if (older === undefined) return { targets: sinkhorn(now, rules), kept: {} };
          const own = asMatrix(tf.slice(z, [view * n, 0], [n, dim]));
          const { rows, full, next } = queueOf(asMatrix(older), own);
          const all = asMatrix(tf.concat([scored(rows), now]));
          const held = rows.shape[0];
          const present = tf.concat([tf.mul(tf.ones([held, 1]), full), tf.ones([n, 1])]);
          const q = sinkhorn(all, rules, asMatrix(present));
          const open = tf.greaterEqual(at.epoch, given.queue_epoch);
          return {
            targets: asMatrix(tf.slice(q, [held, 0], [n, prototypes])),
            kept: { [name]: tf.where(open, next, older), ...watchOf(rows, n) },
          };
        });
        const targets = asMatrix(tf.concat(both.map((of) => of.targets)));
        const globals = asMatrix(tf.slice(scores, [0, 0], [2 * n, prototypes]));
        const predicted = asMatrix(tf.softmax(tf.div(globals, given.temperature)));
        return {
          ...Object.assign({}, ...both.map(({ kept }) => kept)),
          targets,
          assignment_entropy: tf.mean(entropy(targets)),
          prototypes_used: choicesUsed(predicted),
        };
      });
      const { targets, assignment_entropy, prototypes_used, queue_filled, queue_age, ...kept } =
        assigned;
      invariant(targets && assignment_entropy && prototypes_used, 'the views were assigned');
      const logits = asMatrix(tf.div(scores, given.temperature));
      return {
        loss: pairCrossEntropy(logits, asMatrix(targets), views.length),
        state: { ...statistics, ...kept },
        watch: {
          assignment_entropy,
          prototypes_used,
          ...(queue_filled && queue_age && { queue_filled, queue_age }),
        },
      };
    },
    after: ({ trained }) => ({
      trained: { 'prototypes.weight': unitColumns(pick(trained, 'prototypes.weight')) },
    }),
  };
});

/** Collapse to all prototypes alike, and to one. */
function signsOf(prototypes: number): Signs {
  const alike = Math.log(prototypes);
  const lines = { 'ln(prototypes)': alike };
  return {
    assignment_entropy: {
      what: 'entropy of an assignment in nats',
      lines,
      alarms: [
        {
          from: 0.9 * alike,
          // The first epoch's prototypes may be frozen.
          epochs: 2,
          means: 'views are assigned to nearly all prototypes alike',
          advice: 'so nothing is learnt: lower `epsilon`, or raise `frozen_steps`',
        },
      ],
    },
    prototypes_used: {
      what: 'prototypes that the predictions of a batch spread over',
      alarms: [
        {
          to: 1.05,
          means: 'one prototype takes all images',
          advice: 'so nothing is learnt: raise `frozen_steps`, or lower the rate',
        },
      ],
    },
    loss: choiceLoss(
      'cross-entropy of assignments and predictions in nats',
      'ln(prototypes)',
      alike,
      'lower `epsilon`, or raise `frozen_steps`',
    ),
  };
}

/** Columns of length 1. */
const unitColumns = (weight: tf.Tensor): tf.Tensor =>
  tf.tidy(() => tf.div(weight, tf.norm(weight, 2, 0, true)));

/**
 * The rows of a queue that a batch of n fills without a rest, whether all of them are filled (1 or 0), and the
 * queue with new rows (n, d) before the others.
 */
function queueOf(
  queue: tf.Tensor2D,
  added: tf.Tensor2D,
): { rows: tf.Tensor2D; full: tf.Tensor; next: tf.Tensor } {
  const [length, d] = queue.shape;
  const [n] = added.shape;
  const held = length - (length % n);
  if (held === 0)
    throw new SspError(
      'queue-too-short',
      `a queue of ${length} is shorter than the batch of ${n}`,
      {
        help: 'Make it a multiple of the batch, or 0 for none.',
      },
    );
  const rows = asMatrix(tf.slice(queue, [0, 0], [held, d]));
  const last = tf.slice(rows, [held - 1, 0], [1, d]);
  const full = tf.cast(tf.greater(tf.max(tf.abs(last)), 0), 'float32');
  const parts = [added, tf.slice(rows, [0, 0], [held - n, d])];
  const rest = tf.slice(queue, [held, 0], [length - held, d]);
  return { rows, full, next: tf.concat([...parts, rest].filter(({ size }) => size > 0)) };
}

/** The share of a queue's rows that are filled, not 0, and how many steps of n rows ago the oldest of them came. */
function watchOf(rows: tf.Tensor2D, n: number): NamedTensors {
  const filled = tf.sum(tf.cast(tf.greater(tf.max(tf.abs(rows), 1), 0), 'float32'));
  return { queue_filled: tf.div(filled, rows.shape[0]), queue_age: tf.div(filled, n) };
}

/** What a queue is watched by. */
const queueSigns: Signs = {
  queue_filled: { what: 'share of the queue that holds embeddings' },
  queue_age: { what: 'steps since the oldest embedding of the queue was made' },
};
