import { invariant, SspError } from '../../base/errors.js';
import { asMatrix, asVector } from '../../tensor/as-rank.js';
import { crossEntropies } from '../../tensor/losses/cross-entropy.js';
import { choicesUsed } from '../../tensor/losses/entropy.js';
import { l2Normalise } from '../../tensor/losses/l2-normalise.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { rowsAt } from '../../tensor/rows-at.js';
import { drawRows, sphericalKMeans } from '../../tensor/spherical-k-means.js';
import { tf } from '../../tensor/tf.js';
import { allWithoutGradient } from '../../tensor/without-gradient.js';
import { writeRows } from '../../tensor/write-rows.js';
import { choiceLoss } from '../contrast-signs.js';
import { describe } from '../implement.js';
import type { MethodStep, Moment } from '../stage.js';

/** Epochs as the memory counts them: a row is of the pass before the first epoch, or was never filled. */
const [before, never] = [-1, -2];

/** The k rows, of those that are there (`present` (n) is 1), that the centroids of a head begin with at a moment. */
export type DrawFirst = (
  rows: tf.Tensor2D,
  present: tf.Tensor1D,
  k: number,
  head: number,
  at: Moment,
) => tf.Tensor2D;

/** Heads draw from seeds of their own. */
const drawBySeed: DrawFirst = (rows, present, k, head, { seed }) =>
  drawRows(rows, present, k, asVector(tf.add(seed, tf.tensor1d([head, 0], 'int32'))));

/**
 * DeepCluster v2; see stdlib/ssl.ssp. State, of all pairs: `memory.0` and `memory.1` (pairs, dim), the embeddings
 * of the first two views; `memory.epoch` (pairs, 1), when a row was written; for each head h
 * `assignments.h` (pairs, 1), -1 for none; and `prototypes.h` (k, dim), `clusters.h` (2): the share of clusters that have
 * members, and of pairs that the largest has. Tests give the draws.
 */
export const deepclusterBy = (drawFirst: DrawFirst) =>
  describe('std.ssl.deepcluster_v2', ({ hidden, dim, prototypes, ...given }) => {
    if (prototypes.length === 0) {
      throw new SspError('no-prototypes', 'the list `prototypes` is empty', {
        help: 'Give one number at least, such as `prototypes: [300]`: each is a clustering of its own.',
      });
    }
    const projector = (input: number): MlpShape => ({
      input,
      layers: [hiddenLayer(hidden, true), { width: dim, bias: true }],
    });
    const embed = (trained: NamedTensors, features: tf.Tensor2D): tf.Tensor2D =>
      l2Normalise(applyMlp(projector(features.shape[1]), under(trained, 'projector'), features));
    /** The memory with the embeddings (n, dim) of the first two views at the pairs' rows. */
    const remembered = (
      { state, items }: MethodStep,
      embeddings: readonly tf.Tensor2D[],
      epoch: tf.Tensor,
    ): NamedTensors => {
      const put = (name: string, rows: tf.Tensor2D): [string, tf.Tensor] => [
        name,
        writeRows(asMatrix(pick(state, name)), items, rows),
      ];
      const now = asMatrix(tf.mul(tf.ones([items.shape[0], 1]), epoch));
      const views = embeddings.map((rows, view) => put(`memory.${view}`, rows));
      return Object.fromEntries([...views, put('memory.epoch', now)]);
    };
    // Of two clusters one has half, whatever is learnt.
    const tooLarge = Math.max(0.5, 1.5 / Math.min(...prototypes));
    return {
      views: 2,
      signs: {
        largest_cluster: {
          what: 'share of all pairs that the largest cluster has',
          alarms: [
            {
              from: tooLarge,
              means: `one cluster has ${Math.round(100 * tooLarge)} % of all pairs or more`,
              advice: 'so little is learnt: lower the learning rate, or take fewer `prototypes`',
            },
          ],
        },
        clusters_used: { what: 'share of the clusters that have members' },
        prototypes_used: {
          what: 'prototypes that the predictions of a batch spread over',
          alarms: [
            {
              to: 1.05,
              means: 'one prototype takes all images',
              advice: 'so nothing is learnt: lower the learning rate',
            },
          ],
        },
        loss: choiceLoss(
          'cross-entropy of clusters and predictions in nats',
          'ln(prototypes)',
          prototypes.reduce((sum, k) => sum + Math.log(k), 0) / prototypes.length,
          'raise the learning rate, or take fewer `prototypes`',
        ),
      },
      moreViews: true,
      init({ features, rng, pairs }) {
        const most = Math.max(...prototypes);
        if (most > pairs) throw fewerPairs(most, pairs);
        const heads = prototypes.flatMap((k, head) => [
          [`prototypes.${head}`, tf.zeros([k, dim])],
          [`assignments.${head}`, tf.fill([pairs, 1], -1)],
          [`clusters.${head}`, tf.zeros([2])],
        ]);
        return {
          trained: prefixed(initMlp(projector(features), rng.split('projector')), 'projector'),
          state: {
            'memory.0': tf.zeros([pairs, dim]),
            'memory.1': tf.zeros([pairs, dim]),
            'memory.epoch': tf.fill([pairs, 1], never),
            ...Object.fromEntries(heads),
          },
        };
      },
      observe(step) {
        let statistics = step.state;
        const embeddings = step.views.slice(0, 2).map((view) => {
          const pass = step.encode(step.trained, statistics, view);
          statistics = { ...statistics, ...pass.state };
          return embed(step.trained, pass.features);
        });
        const { state } = step;
        const changed = Object.entries(statistics).filter(
          ([name, tensor]) => tensor !== state[name],
        );
        return {
          ...Object.fromEntries(changed),
          ...remembered(step, embeddings, tf.scalar(before)),
        };
      },
      begin({ state }, at) {
        const written = asVector(tf.reshape(pick(state, 'memory.epoch'), [-1]));
        const present = asVector(tf.cast(tf.equal(written, tf.sub(at.epoch, 1)), 'float32'));
        const made = prototypes.map((k, head) => {
          // Memories take turns by the head.
          const rows = asMatrix(pick(state, `memory.${head % 2}`));
          const first = drawFirst(rows, present, k, head, at);
          const clusters = sphericalKMeans(rows, present, first, given.iterations);
          const nearest = tf.cast(clusters.nearest, 'float32');
          const assigned = tf.where(tf.greater(present, 0), nearest, tf.fill(nearest.shape, -1));
          const used = tf.mean(tf.cast(tf.greater(clusters.counts, 0), 'float32'));
          const largest = tf.div(tf.max(clusters.counts), tf.maximum(tf.sum(clusters.counts), 1));
          return {
            [`prototypes.${head}`]: clusters.centroids,
            [`assignments.${head}`]: tf.reshape(assigned, [-1, 1]),
            [`clusters.${head}`]: tf.stack([used, largest]),
          };
        });
        return { state: Object.assign({}, ...made) };
      },
      loss(step) {
        const { trained, state, views, items, encodeCrops, at } = step;
        const [n] = items.shape;
        invariant(
          views.length >= 2,
          `DeepCluster v2 compares at least 2 views, not ${views.length}`,
        );
        const [pairs] = pick(state, 'memory.epoch').shape;
        const kept = pairs === undefined ? 0 : pairs - (pairs % n);
        if (Math.max(...prototypes) > kept) throw fewerPairs(Math.max(...prototypes), kept);
        const { features, state: statistics } = encodeCrops(trained, state, views);
        const z = embed(trained, features);
        const memory = allWithoutGradient(() => {
          const own = [0, 1].map((view) => asMatrix(tf.slice(z, [view * n, 0], [n, dim])));
          return remembered(step, own, at.epoch);
        });
        const heads = prototypes.map((_, head) => {
          const columns = asMatrix(pick(state, `prototypes.${head}`));
          const logits = asMatrix(tf.div(tf.matMul(z, columns, false, true), given.temperature));
          const labels = rowsAt(asMatrix(pick(state, `assignments.${head}`)), items);
          return { logits, loss: assignedLoss(logits, labels, views.length) };
        });
        const loss = tf.div<tf.Scalar>(tf.addN(heads.map((head) => head.loss)), heads.length);
        const watch = allWithoutGradient((): NamedTensors => {
          const clusters = prototypes.map((_, head) => pick(state, `clusters.${head}`));
          const [used, largest] = tf.unstack(tf.div(tf.addN(clusters), clusters.length));
          invariant(used && largest, 'clusters have two numbers');
          const spread = heads.map(({ logits }) => choicesUsed(asMatrix(tf.softmax(logits))));
          const prototypes_used = tf.div(tf.addN(spread), spread.length);
          return { clusters_used: used, largest_cluster: largest, prototypes_used };
        });
        return { loss, state: { ...statistics, ...memory }, watch };
      },
    };
  });

export const make = deepclusterBy(drawBySeed);

/**
 * The mean cross-entropy of logits (views n, k) and the labels (n, 1) of the pairs, those at -1 left out: 0 where no pair of
 * the batch has one.
 */
function assignedLoss(logits: tf.Tensor2D, labels: tf.Tensor2D, views: number): tf.Scalar {
  const { each, weights } = allWithoutGradient(() => {
    const repeated = asVector(tf.tile(tf.reshape(labels, [-1]), [views]));
    return {
      each: tf.cast(tf.maximum(repeated, 0), 'int32'),
      weights: tf.cast(tf.greaterEqual(repeated, 0), 'float32'),
    };
  });
  const losses = tf.mul(crossEntropies(logits, asVector(each)), weights);
  return tf.div<tf.Scalar>(tf.sum(losses), tf.maximum(tf.sum(weights), 1));
}

const fewerPairs = (prototypes: number, pairs: number): SspError =>
  new SspError(
    'too-many-prototypes',
    `${prototypes} prototypes are more than the ${pairs} pairs that an epoch sees, which they are drawn from`,
    { help: 'Take fewer prototypes, such as a tenth as many as pairs.' },
  );
