import { invariant } from '../../base/errors.js';
import { asMatrix, asVector } from '../../tensor/as-rank.js';
import { cutPatches, drawJigsaw, type Jigsaw, patches } from '../../tensor/jigsaw.js';
import { l2Normalise } from '../../tensor/losses/l2-normalise.js';
import {
  estimatedPartition,
  type MemoryCosines,
  memoryNce,
} from '../../tensor/losses/memory-nce.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import type { Rng } from '../../tensor/rng.js';
import { rowsAt } from '../../tensor/rows-at.js';
import { statelessBelow } from '../../tensor/stateless-uniform.js';
import { tf } from '../../tensor/tf.js';
import { allWithoutGradient, withoutGradient } from '../../tensor/without-gradient.js';
import { writeRows } from '../../tensor/write-rows.js';
import { describe } from '../implement.js';
import type { Moment, Signs } from '../stage.js';

/** What is random in a step. */
export interface Draws extends Jigsaw {
  /** int32 (m): rows of the memory that are negatives for all pairs of the batch. */
  readonly negatives: tf.Tensor1D;
}

/** Draws m negatives among `pairs`, and how the view (n, h, w, c) is cut, at a moment. */
export type Draw = (at: Moment, view: tf.Tensor4D, m: number, pairs: number) => Draws;

const drawBySeed: Draw = ({ seed }, view, m, pairs) => ({
  ...drawJigsaw(view, asVector(tf.add(seed, tf.tensor1d([2, 0], 'int32')))),
  negatives: asVector(
    statelessBelow(pairs, [m], asVector(tf.add(seed, tf.tensor1d([1, 0], 'int32')))),
  ),
});

/**
 * PIRL; see stdlib/ssl.ssp. State: `memory` (pairs, dim), rows of length 1, and `partition`, which the first step sets:
 * 0 before. Tests give the draws.
 */
export const pirlBy = (draw: Draw) =>
  describe('std.ssl.pirl', ({ temperature, dim, start, statistics, ...given }) => {
    const linear = (input: number): MlpShape => ({ input, layers: [{ width: dim, bias: true }] });
    const head = (trained: NamedTensors, name: string, x: tf.Tensor2D): tf.Tensor2D =>
      applyMlp(linear(x.shape[1]), under(trained, name), x);
    const projected = (trained: NamedTensors, features: tf.Tensor2D): tf.Tensor2D =>
      l2Normalise(head(trained, 'projector', features));
    return {
      views: 2,
      signs,
      ...(start === 'images' && {
        observe({ trained, state, views, items, encode }) {
          const [image] = views;
          invariant(image, 'PIRL compares 2 views');
          const pass = encode(trained, state, image);
          const rows = projected(trained, pass.features);
          return { ...pass.state, memory: writeRows(asMatrix(pick(state, 'memory')), items, rows) };
        },
      }),
      remarks: ({ pairs }) =>
        given.negatives > pairs
          ? [
              `\`negatives: ${given.negatives}\` are drawn from the memory of ${pairs} pairs, so that each stands among them several times: take fewer`,
            ]
          : [],
      init({ features, rng, pairs }) {
        const made = (name: string, input: number): NamedTensors =>
          prefixed(initMlp(linear(input), rng.split(name)), name);
        return {
          trained: {
            ...made('patch', features),
            ...made('jigsaw', patches * dim),
            ...made('projector', features),
          },
          state: { memory: randomMemory(rng.split('memory'), pairs, dim), partition: tf.scalar(0) },
        };
      },
      loss({ trained, state, views, items, encode, at }) {
        const [image, other] = views;
        invariant(
          image && other && views.length === 2,
          `PIRL compares 2 views, not ${views.length}`,
        );
        const memory = asMatrix(pick(state, 'memory'));
        const [pairs] = memory.shape;
        const [n] = items.shape;
        const drawn = draw(at, other, given.negatives, pairs);
        // A copy of what is trained, as the spread that is watched is that of whole images.
        const cut = encode({ ...trained }, state, cutPatches(other, drawn));
        const passed = statistics === 'images' ? {} : cut.state;
        const whole = encode(trained, { ...state, ...passed }, image);
        const placed = tf.reshape(head(trained, 'patch', cut.features), [n, patches * dim]);
        const jigsaw = l2Normalise(head(trained, 'jigsaw', asMatrix(placed)));
        const z = projected(trained, whole.features);
        const own = withoutGradient(() => rowsAt(memory, items));
        const noise = withoutGradient(() => rowsAt(memory, drawn.negatives));
        const counted = withoutGradient(() =>
          tf.cast(tf.notEqual(tf.reshape(items, [n, 1]), drawn.negatives), 'float32'),
        );
        const cosines = (queries: tf.Tensor2D): MemoryCosines => ({
          own: tf.sum(tf.mul(queries, own), 1, true),
          others: tf.matMul(queries, noise, false, true),
          counted,
        });
        const [ofPatches, ofImages] = [cosines(jigsaw), cosines(z)];
        const partition = withoutGradient(() => {
          const set = pick(state, 'partition');
          const first = estimatedPartition(ofPatches, temperature, pairs);
          return tf.where(tf.greater(set, 0), set, first);
        });
        const options = { temperature, partition, pairs };
        const loss = tf.add<tf.Scalar>(
          tf.mul(memoryNce(ofPatches, options), given.lambda),
          tf.mul(memoryNce(ofImages, options), 1 - given.lambda),
        );
        const moved = withoutGradient(() => {
          const mixed = tf.add(tf.mul(own, given.momentum), tf.mul(z, 1 - given.momentum));
          return writeRows(memory, items, l2Normalise(asMatrix(mixed)));
        });
        return {
          loss,
          state: { ...passed, ...whole.state, memory: moved, partition },
          watch: allWithoutGradient(() => ({
            positive: tf.mean(ofImages.own),
            jigsaw_positive: tf.mean(ofPatches.own),
            negative: tf.div(
              tf.sum(tf.mul(ofImages.others, counted)),
              tf.maximum(tf.sum(counted), 1),
            ),
          })),
        };
      },
    };
  });

export const make = pirlBy(drawBySeed);

/** Rows (pairs, dim) of uniform numbers about 0, of length 1, as the official memory starts. */
function randomMemory(rng: Rng, pairs: number, dim: number): tf.Tensor2D {
  const values = Float32Array.from({ length: pairs * dim }, () => 2 * rng.uniform() - 1);
  return tf.tidy(() => l2Normalise(tf.tensor2d(values, [pairs, dim])));
}

const signs: Signs = {
  positive: { what: 'mean cosine of images and their own rows of the memory' },
  jigsaw_positive: { what: "mean cosine of shuffled patches and their images' rows of the memory" },
  negative: {
    what: 'mean cosine of images and other rows of the memory',
    alarms: [
      {
        from: 0.95,
        means: 'all images have one embedding',
        advice: 'so nothing is learnt: lower the learning rate, or take more `negatives`',
      },
    ],
  },
};
