import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as lars } from '../../../src/library/optim/lars.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { make as byol } from '../../../src/library/ssl/byol.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { make as vicreg } from '../../../src/library/ssl/vicreg.js';
import type { Augmentation, Backbone, Method, Optimizer } from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { run as supervised } from '../../../src/library/train/supervised.js';
import { loadTensorFlow } from '../../../src/tensor/runtime/load.js';
import { loadTensors } from '../../../src/tensor/stored-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../../tensor/parity.js';
import { smallNetwork } from '../small-network.js';
import { contextOf, freshFolder, size, syntheticImages, syntheticPairs } from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});
afterEach(() => {
  delete process.env.SSP_EAGER;
});

/** Every change of a view that there is. */
const view: Augmentation = {
  size,
  crop: { scale: { low: 0.5, high: 1 }, ratio: { low: 0.8, high: 1.25 } },
  flip: 0.5,
  rotation: 15,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  grayscale: 0.2,
  blur: { probability: 0.5, sigma: { low: 0.1, high: 1 } },
  solarise: { probability: 0.2, threshold: 0.5 },
  normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
};
const common = {
  epochs: 2,
  schedule: cosine({ warmup: 1, start: null, final: 0, every: 'step' }),
  init: null,
  precision: 'fp32',
  seed: 1,
} as const;
const pairs = syntheticPairs();

/** A teacher that follows the weights, quicker as the training goes on, and pulls at the features. */
const withTeacher: Method = {
  ...simclr({ temperature: 0.5, hidden: 8, dim: 4 }),
  init(features, rng, encoder, another) {
    const own = simclr({ temperature: 0.5, hidden: 8, dim: 4 }).init(
      features,
      rng,
      encoder,
      another,
    );
    return {
      ...own,
      state: { teacher: tf.clone(encoder.trained['conv1.weight'] ?? tf.scalar(0)) },
    };
  },
  loss(step) {
    const given = simclr({ temperature: 0.5, hidden: 8, dim: 4 }).loss(step);
    const { 'encoder.conv1.weight': student = tf.scalar(0) } = step.trained;
    const { teacher = tf.scalar(0) } = step.state;
    const away = tf.mean(tf.squaredDifference(student, teacher));
    return { ...given, loss: tf.add(given.loss, away), watch: { away } };
  },
  after({ 'encoder.conv1.weight': student = tf.scalar(0) }, { teacher = tf.scalar(0) }, progress) {
    return { teacher: tf.add(teacher, tf.mul(tf.sub(student, teacher), progress)) };
  },
};

type Row = Readonly<Record<string, number>>;
interface Outcome {
  readonly rows: readonly Row[];
  /** Weights, statistics, teachers and slots at the end. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

const resnet = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });
const optimizers = {
  sgd: sgd({ lr: 0.01, momentum: 0.9, nesterov: true, decay: 1e-3, exclude: true }),
  adamw: adamw({
    lr: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    decay: 1e-2,
    final_decay: 0.1,
    exclude: false,
  }),
  lars: lars({
    lr: 0.1,
    vector_lr: 0.002,
    momentum: 0.9,
    eta: 0.01,
    decay: 1e-4,
    exclude: true,
    variant: 'official',
    clip: false,
  }),
};

async function train(
  what: Method | 'supervised',
  optimizer: Optimizer,
  backbone: Backbone = smallNetwork,
): Promise<Outcome> {
  const params = { ...common, backbone, optimizer, batch: 12 };
  const checkpoint = freshFolder();
  let out: string;
  if (what === 'supervised') {
    const own = { images: syntheticImages(), label: 'kind', split: 'train' };
    const context = contextOf({ ...params, ...own, views: { views: [view] } }, { checkpoint });
    await supervised(context);
    out = context.out;
  } else {
    const own = { pairs, method: what, views: { views: [view, view] } };
    const context = contextOf({ ...params, ...own }, { checkpoint });
    await pretrain(context);
    out = context.out;
  }
  const { tensors } = loadTensors(join(checkpoint, 'checkpoint.safetensors'));
  const values = Object.entries(tensors).map(
    ([name, tensor]) => [name, tensor.dataSync<'float32'>()] as const,
  );
  return {
    rows: JSON.parse(readFileSync(join(out, 'history.json'), 'utf8')).rows,
    tensors: new Map(values),
  };
}

/**
 * Weights, statistics and teachers can be compared, but not a bias before a batch norm: its gradient is
 * nothing but rounding, which Adam makes as long as any other. Slots hold gradients, which four steps
 * on this small network carry apart.
 */
const isComparable = (name: string): boolean =>
  !name.startsWith('slots.') && !/(expander|projector|predictor)\.[03]\.bias$/.test(name);

const methods = {
  simclr: simclr({ temperature: 0.5, hidden: 8, dim: 4 }),
  vicreg: vicreg({ invariance: 25, variance: 25, covariance: 1, hidden: 8, dim: 8 }),
  byol: byol({ tau: 0.9, schedule: 'cosine', target: 'fresh', hidden: 8, dim: 4 }),
  'a method with a teacher': withTeacher,
  supervised: 'supervised',
} as const;

for (const [what, optimiser] of [
  ['simclr', 'adamw'],
  ['simclr', 'lars'],
  ['vicreg', 'adamw'],
  ['vicreg', 'lars'],
  ['byol', 'adamw'],
  ['byol', 'lars'],
  ['a method with a teacher', 'adamw'],
  ['supervised', 'sgd'],
] as const) {
  // Adam, or slow: else a change of 1e-7 of the weights grows to 1e-2 of the loss in four steps, eagerly too.
  it(`trains alike compiled and eagerly: ${what} by ${optimiser}`, async () => {
    const backbone = optimiser === 'adamw' ? resnet : smallNetwork;
    const compiled = await train(methods[what], optimizers[optimiser], backbone);
    process.env.SSP_EAGER = '1';
    const eager = await train(methods[what], optimizers[optimiser], backbone);
    expect(compiled.rows.length).toBe(2);
    compiled.rows.forEach((row, epoch) => {
      const reference = eager.rows[epoch] ?? {};
      expect(Object.keys(row)).toEqual(Object.keys(reference));
      for (const [column, value] of Object.entries(row)) {
        const item = `${what} by ${optimiser}: ${column} of epoch ${epoch + 1}`;
        const scale = Math.max(1, Math.abs(reference[column] ?? Number.NaN));
        expectClosePlain(item, [value / scale], [(reference[column] ?? Number.NaN) / scale], 1e-5);
      }
    });
    expect([...compiled.tensors.keys()]).toEqual([...eager.tensors.keys()]);
    for (const [name, reference] of eager.tensors) {
      if (!isComparable(name)) continue;
      const item = `${what} by ${optimiser}, weights: ${name}`;
      expectClosePlain(item, compiled.tensors.get(name) ?? [], reference, 5e-3);
    }
  });
}

it('trains the same twice, compiled and eagerly', async () => {
  for (const eager of ['0', '1']) {
    process.env.SSP_EAGER = eager;
    const once = await train(methods.simclr, optimizers.lars);
    expect(await train(methods.simclr, optimizers.lars)).toEqual(once);
  }
});
