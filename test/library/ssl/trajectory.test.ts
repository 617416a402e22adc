import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { methodRules } from '../../../src/library/method-rules.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as clip } from '../../../src/library/optim/clip.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as lars } from '../../../src/library/optim/lars.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { withPaces } from '../../../src/library/paces.js';
import type { Signatures } from '../../../src/library/signatures.gen.js';
import { make as barlowTwins } from '../../../src/library/ssl/barlow_twins.js';
import { make as byol } from '../../../src/library/ssl/byol.js';
import { deepclusterBy } from '../../../src/library/ssl/deepcluster_v2.js';
import { make as dino } from '../../../src/library/ssl/dino.js';
import { make as mocoV2 } from '../../../src/library/ssl/moco_v2.js';
import { make as mocoV3 } from '../../../src/library/ssl/moco_v3.js';
import { make as nnclr } from '../../../src/library/ssl/nnclr.js';
import { pirlBy } from '../../../src/library/ssl/pirl.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { make as simsiam } from '../../../src/library/ssl/simsiam.js';
import { make as supcon } from '../../../src/library/ssl/supcon.js';
import { make as swav } from '../../../src/library/ssl/swav.js';
import { make as vicreg } from '../../../src/library/ssl/vicreg.js';
import type { Method, Optimizer, Schedule } from '../../../src/library/stage.js';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { pick, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { createRng } from '../../../src/tensor/rng.js';
import { rowsAt } from '../../../src/tensor/rows-at.js';
import { tf } from '../../../src/tensor/tf.js';
import { compiledStepper } from '../../../src/tensor/train/compiled-stepper.js';
import { advance, observeAll } from '../../../src/tensor/train/feed.js';
import type { Training } from '../../../src/tensor/train/training.js';
import { expectClosePlain, tensorsOf } from '../../tensor/parity.js';
import { referenceEncoder } from './reference-encoder.js';

/** What make_trajectories.py recorded. */
const reference = tensorsOf('trajectories');
const [steps, perEpoch, pairs] = [50, 5, 60];

/**
 * A loss may differ from float64 by twice what PyTorch itself drifts off in float32 up to that step: the largest of three
 * orders of the rows of a batch, and a few roundings of the loss beside it, where those agree by chance.
 */
const margin = 2;
const rounding = 1e-6;

/** The whole numbers of a record (rows, d) at a row that a step knows; the record is read before there are steps. */
function recorded(name: string): (row: tf.Scalar) => tf.Tensor1D {
  const whole = pick(reference, name);
  const values = whole.dataSync();
  return (row) => {
    const rows = asMatrix(tf.reshape(tf.tensor1d(values), [whole.shape[0] ?? 0, -1]));
    const own = rowsAt(rows, asVector(tf.reshape(tf.cast(row, 'int32'), [1])));
    return asVector(tf.cast(tf.reshape(own, [-1]), 'int32'));
  };
}
const [begins, noise, jigsaws] = [
  recorded('deepcluster_v2.begins'),
  recorded('pirl.noise'),
  recorded('pirl.jigsaws'),
];

/** A method with what its authors train it by, as the script has it. */
interface Recipe {
  readonly method: Method;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** The views that it sees, by their names in the record; default: two. */
  readonly views?: readonly string[];
}

const by = (of: Partial<Signatures['values']['std.optim.lars']['args']>): Optimizer =>
  lars({
    lr: 0.2,
    vector_lr: null,
    momentum: 0.9,
    eta: 0.001,
    decay: 1e-6,
    exclude: true,
    variant: 'official',
    clip: false,
    ...of,
  });
const byGradient = (lr: number, exclude = false): Optimizer =>
  sgd({ lr, momentum: 0.9, nesterov: false, decay: 1e-4, exclude });
const warm = (of: { start?: number; final?: number } = {}): Schedule =>
  cosine({ warmup: 1, start: null, final: 0, every: 'step', ...of });
const falling = (every: 'step' | 'epoch', final = 0): Schedule =>
  cosine({ warmup: 0, start: null, final, every });

const small = { hidden: 10, dim: 6 } as const;
const crops = ['view0', 'view1', 'view2'];
const larc = by({ lr: 4.8, exclude: false, variant: 'solo' });

const recipes: Readonly<Record<string, Recipe>> = {
  simclr: {
    method: simclr({ ...small, temperature: 0.5, head: 'paper', sum: false }),
    optimizer: by({ lr: 4.8, decay: 1e-4, variant: 'simclr' }),
    schedule: warm(),
  },
  vicreg: {
    method: vicreg({ ...small, invariance: 25, variance: 25, covariance: 1 }),
    optimizer: by({ lr: 0.2 }),
    schedule: warm({ final: 0.001 }),
  },
  byol: {
    method: byol({ ...small, tau: 0.99, schedule: 'cosine', target: 'fresh' }),
    optimizer: by({ lr: 7.2 }),
    schedule: warm(),
  },
  simsiam: {
    method: simsiam({ layers: 3, dim: 8, predictor: 5, constant_predictor: true }),
    optimizer: byGradient(0.05),
    schedule: falling('epoch'),
  },
  barlow_twins: {
    method: barlowTwins({ ...small, redundancy: 0.0051, scale: 1 }),
    optimizer: by({ lr: 1.6, vector_lr: 0.0384 }),
    schedule: warm({ final: 0.001 }),
  },
  moco_v2: {
    method: mocoV2({
      ...small,
      temperature: 0.2,
      queue: 36,
      momentum: 0.99,
      schedule: 'constant',
      symmetric: false,
      split_bn: 3,
      head: 'mlp',
    }),
    optimizer: byGradient(0.03),
    schedule: falling('epoch'),
  },
  moco_v3: {
    method: mocoV3({
      ...small,
      temperature: 1,
      preset: '100',
      momentum: null,
      schedule: 'cosine',
      projector: 2,
      predictor_norm: false,
      frozen_patches: false,
    }),
    optimizer: by({ lr: 9.6 }),
    schedule: warm(),
  },
  nnclr: {
    method: nnclr({
      ...{ ...small, temperature: 0.1, queue: 24, predictor: 9 },
      candidates: 'predictions',
    }),
    optimizer: by({ lr: 4.8 }),
    schedule: warm(),
  },
  supcon: {
    method: supcon({
      label: 'class',
      temperature: 0.1,
      base_temperature: 0.07,
      hidden: null,
      dim: 6,
    }),
    optimizer: byGradient(0.5),
    schedule: falling('step'),
  },
  dino: {
    method: dino({
      ...small,
      prototypes: 11,
      student_temperature: 0.1,
      teacher_temperature: 0.07,
      warmup_temperature: 0.04,
      warmup_epochs: 4,
      momentum: 0.996,
      schedule: 'cosine',
      centre_momentum: 0.9,
      frozen_epochs: 1,
      norm_last_layer: true,
      layers: 3,
      norm: false,
      teacher_head: 'copy',
    }),
    optimizer: clip({
      optimizer: adamw({
        lr: 5e-4,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        decay: 0.04,
        final_decay: 0.4,
        exclude: true,
      }),
      norm: 3,
      per: 'parameter',
    }),
    schedule: warm({ start: 0, final: 0.002 }),
    views: crops,
  },
  swav: {
    method: swav({
      ...small,
      prototypes: 11,
      temperature: 0.1,
      epsilon: 0.05,
      sinkhorn_iterations: 3,
      frozen_steps: 3,
      queue: 24,
      queue_epoch: 2,
      bias: false,
    }),
    optimizer: larc,
    schedule: warm({ start: 0.0625, final: 0.001 }),
    views: crops,
  },
  deepcluster_v2: {
    method: deepclusterBy((rows, _, k, head, { epoch }) => {
      return rowsAt(rows, asVector(tf.slice(begins(epoch), [head === 0 ? 0 : 5], [k])));
    })({ ...small, prototypes: [5, 4], temperature: 0.1, iterations: 10 }),
    optimizer: larc,
    schedule: warm({ start: 0.0625, final: 0.001 }),
    views: crops,
  },
  pirl: {
    method: pirlBy(({ step }, view) => {
      const [n] = view.shape;
      return {
        negatives: noise(step),
        order: asMatrix(tf.reshape(jigsaws(step), [n, 9])),
        offsets: tf.zeros([n, 9, 2], 'int32'),
      };
    })({
      ...{ negatives: 15, temperature: 0.2, momentum: 0.5, lambda: 0.5, dim: 6 },
      ...{ start: 'random', statistics: 'both' },
    }),
    optimizer: byGradient(0.12, true),
    schedule: falling('epoch', 0.001),
    views: ['view0', 'large'],
  },
};

describe('50 steps by the official recipe', () => {
  it('has a recipe for each method', () => {
    const files = readdirSync(new URL('../../../src/library/ssl', import.meta.url));
    expect(Object.keys(recipes).sort()).toEqual(files.map((file) => file.slice(0, -3)).sort());
  });

  it.each(Object.keys(recipes))(
    'of %s stays as near to float64 as PyTorch in float32',
    async (name) => {
      const recipe = recipes[name];
      if (!recipe) throw new Error('no recipe');
      const losses = await lossesOf(trainingOf(name, recipe));
      const recorded = (of: string) => pick(reference, `${name}.${of}`).dataSync();
      const [expected, drift] = [recorded('losses'), recorded('drift')];
      const off = losses.map((loss, step) => {
        const [goal = Number.NaN, own = Number.NaN] = [expected[step], drift[step]];
        return (loss - goal) / (own + rounding * Math.abs(goal));
      });
      // In drifts of PyTorch, of which the 1 is one.
      expectClosePlain(
        `50 steps of ${name}, in drifts of PyTorch`,
        [...off, 1],
        [...off.map(() => 0), 1],
        margin,
      );
    },
  );
});

function trainingOf(name: string, { method, optimizer, schedule, views }: Recipe): Training {
  const first = under(reference, name);
  const paced = withPaces(optimizer, method.paces);
  const trained = under(first, 'trained');
  const order = pick(reference, 'order');
  const labels = pick(reference, 'labels');
  return {
    seed: 0,
    epochs: steps / perEpoch,
    perEpoch,
    init() {
      const encoder = {
        trained: under(trained, 'encoder'),
        stats: { mean: tf.zeros([8]), variance: tf.ones([8]) },
      };
      const start = method.init({
        features: 8,
        encoder,
        another: () => ({ trained: {}, stats: {} }),
        rng: createRng(0),
        pairs,
      });
      const state = {
        ...prefixed(encoder.stats, 'encoder'),
        ...start.state,
        ...under(first, 'state'),
      };
      expect(Object.keys(start.trained).sort()).toEqual(
        Object.keys(trained)
          .filter((key) => !key.startsWith('encoder.'))
          .sort(),
      );
      return { trained, state, slots: paced.init(trained) };
    },
    inputs(step) {
      const items = asVector(
        tf.cast(tf.reshape(tf.slice(order, [step, 0], [1, 12]), [12]), 'int32'),
      );
      const of = (tensor: tf.Tensor): tf.Tensor => tf.gather(tensor, items);
      const images = (views ?? ['view0', 'view1']).map((view, v) => {
        const rows = of(pick(reference, view));
        const side = Math.sqrt((rows.shape[1] ?? 0) / 3);
        return [`view.${v}`, rows.reshape([12, side, side, 3])];
      });
      const known =
        method.label === undefined ? [] : [0, 1].map((v) => [`labels.${v}`, of(labels).toInt()]);
      return { ...Object.fromEntries([...images, ...known]), items };
    },
    images: () => 12,
    rules: () => methodRules(method, referenceEncoder, paced),
    scale: (step) => schedule.scale(step, steps, perEpoch),
    rate: () => 0,
  };
}

async function lossesOf(training: Training): Promise<number[]> {
  const stepper = compiledStepper(training.rules(), training.init(), { precision: 'fp32' });
  try {
    await observeAll(training, stepper);
    return Array.from(
      { length: steps },
      (_, step) => advance(training, stepper, step).watched.get('loss') ?? Number.NaN,
    );
  } finally {
    stepper.dispose();
  }
}
