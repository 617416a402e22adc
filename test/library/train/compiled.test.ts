import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { make as vicreg } from '../../../src/library/ssl/vicreg.js';
import type { Augmentation, Method } from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { run as supervised } from '../../../src/library/train/supervised.js';
import { loadTensorFlow } from '../../../src/tensor/runtime/load.js';
import { tf } from '../../../src/tensor/tf.js';
import { contextOf, size, syntheticImages, syntheticPairs } from '../synthetic.js';

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
  backbone: resnet18({ width: 4, stem: 'small-half' }),
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
  readonly weights: string;
}

async function train(what: Method | 'supervised', momentum: boolean): Promise<Outcome> {
  const exclude = momentum;
  const optimizer = momentum
    ? sgd({ lr: 0.01, momentum: 0.9, nesterov: true, decay: 1e-3, exclude })
    : adamw({
        lr: 1e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        decay: 1e-2,
        final_decay: null,
        exclude,
      });
  const params = { ...common, optimizer };
  let out: string;
  if (what === 'supervised') {
    const images = syntheticImages();
    const own = { images, label: 'kind', split: 'train', batch: 12, views: { views: [view] } };
    const context = contextOf({ ...params, ...own });
    await supervised(context);
    out = context.out;
  } else {
    const own = { pairs, method: what, batch: 12, views: { views: [view, view] } };
    const context = contextOf({ ...params, ...own });
    await pretrain(context);
    out = context.out;
  }
  return {
    rows: JSON.parse(readFileSync(join(out, 'history.json'), 'utf8')).rows,
    weights: readFileSync(join(out, 'encoder.safetensors'), 'base64'),
  };
}

for (const [name, what, momentum] of [
  ['simclr', simclr({ temperature: 0.5, hidden: 8, dim: 4 }), false],
  ['vicreg', vicreg({ invariance: 25, variance: 25, covariance: 1, hidden: 8, dim: 8 }), false],
  ['a method with a teacher', withTeacher, false],
  ['supervised, by momentum', 'supervised', true],
] as const) {
  // Adam, or slow: else a change of 1e-7 of the weights grows to 1e-2 of the loss in four steps, eagerly too.
  it(`trains alike compiled and eagerly, and each the same twice: ${name}`, async () => {
    const compiled = await train(what, momentum);
    expect(await train(what, momentum)).toEqual(compiled);
    process.env.SSP_EAGER = '1';
    const eager = await train(what, momentum);
    expect(await train(what, momentum)).toEqual(eager);
    expect(compiled.rows.length).toBe(2);
    compiled.rows.forEach((row, epoch) => {
      const reference = eager.rows[epoch] ?? {};
      expect(Object.keys(row)).toEqual(Object.keys(reference));
      for (const [column, value] of Object.entries(row)) {
        const expected = reference[column] ?? Number.NaN;
        const off = Math.abs(value - expected) / Math.max(1, Math.abs(expected));
        expect(off, `${column} of epoch ${epoch + 1}`).toBeLessThanOrEqual(1e-5);
      }
    });
  });
}
