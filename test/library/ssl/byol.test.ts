import { expect, it } from 'vitest';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { make as byol } from '../../../src/library/ssl/byol.js';
import type { MethodStep } from '../../../src/library/stage.js';
import { asMatrix, asRank4, asVector } from '../../../src/tensor/as-rank.js';
import { batchNorm } from '../../../src/tensor/batch-norm.js';
import { dense } from '../../../src/tensor/dense.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { type NamedTensors, pick, under } from '../../../src/tensor/named-tensors.js';
import { relu } from '../../../src/tensor/relu.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { type StepRules, trainStep } from '../../../src/tensor/train/train-step.js';
import { expectClose, tensorsOf } from '../../tensor/parity.js';
import { trainSteps } from './train-steps.js';

const small = { tau: 0.9, schedule: 'cosine', hidden: 10, dim: 6 } as const;

/** The encoder of make_byol.py: linear, batch norm with running statistics, ReLU. */
const encode: MethodStep['encode'] = (trained, state, x) => {
  const [n] = x.shape;
  const y = dense(x.reshape([n, 12]), asMatrix(pick(trained, 'encoder.0.weight')));
  const normal = batchNorm(
    y.reshape([n, 1, 1, 8]),
    {
      weight: asVector(pick(trained, 'encoder.1.weight')),
      bias: asVector(pick(trained, 'encoder.1.bias')),
    },
    {
      mean: asVector(pick(state, 'encoder.mean')),
      variance: asVector(pick(state, 'encoder.variance')),
    },
  );
  const { mean, variance } = normal.running;
  return {
    features: asMatrix(relu(normal.y).reshape([n, 8])),
    state: { 'encoder.mean': mean, 'encoder.variance': variance },
  };
};

it('gives losses, gradients, weights and target as the official code does', () => {
  const reference = tensorsOf('byol');
  const method = byol({ ...small, target: 'fresh' });
  const optimizer = sgd({ lr: 0.2, momentum: 0.9, nesterov: false, decay: 0, exclude: false });
  const first: NamedTensors = under(reference, 'first');
  let gradients: NamedTensors = {};
  const rules: StepRules = {
    loss: (trained, state, { one, two }, { seed, progress }) => {
      const views = [one, two].map((x = tf.scalar(0)) => asRank4(x.reshape([12, 2, 2, 3])));
      return method.loss({ trained, state, views, seed, progress, encode });
    },
    update(given, { trained, slots }, at) {
      gradients = Object.fromEntries(Object.entries(given).map(([k, t]) => [k, tf.keep(t)]));
      return optimizer.update({ trained, gradients: given, slots, ...at });
    },
    after: (trained, state, { progress }) => method.after?.(trained, state, progress) ?? {},
  };
  const trained = under(first, 'trained');
  let now = {
    trained,
    state: {
      'encoder.mean': tf.zeros([8]),
      'encoder.variance': tf.ones([8]),
      ...Object.fromEntries(Object.entries(first).filter(([name]) => name.startsWith('target.'))),
    } as NamedTensors,
    slots: optimizer.init(trained),
  };
  for (let step = 0; step < 4; step++) {
    const numbers = {
      scale: tf.scalar(1),
      step: tf.scalar(step),
      progress: tf.scalar(step / 4),
      seed: tf.tensor1d([0, step], 'int32'),
    };
    const inputs = under(reference, `step${step}`);
    const { next, loss } = trainStep(rules, now, { inputs, at: numbers });
    now = next;
    expectClose(`BYOL loss: step ${step}`, loss, pick(reference, `step${step}.loss`), 2e-6);
    for (const [name, expected] of Object.entries(step === 0 ? under(reference, 'gradient') : {})) {
      const gradient = pick(gradients, name);
      // A bias before a batch norm has no gradient but rounding.
      if (/(projector|predictor)\.0\.bias/.test(name)) {
        expect(tf.max(tf.abs(gradient)).dataSync()[0], name).toBeLessThan(1e-6);
      } else {
        expectClose(`BYOL gradient: ${name}`, gradient, expected, 2e-6);
      }
    }
  }
  const last = under(reference, 'last');
  for (const [name, expected] of Object.entries(under(last, 'trained'))) {
    expectClose(`BYOL weight: ${name}`, pick(now.trained, name), expected, 5e-6);
  }
  for (const [name, expected] of Object.entries(under(last, 'target'))) {
    expectClose(`BYOL target: ${name}`, pick(now.state, `target.${name}`), expected, 5e-6);
  }
  const crops = under(reference, 'crops');
  const views = [0, 1, 2, 3].map((i) => asRank4(pick(crops, `view${i}`).reshape([12, 2, 2, 3])));
  const at = { seed: tf.tensor1d([0, 0], 'int32'), progress: tf.scalar(1) };
  const multi = differentiate(now.trained, (weights) => {
    const given = method.loss({ trained: weights, state: now.state, views, encode, ...at });
    return { loss: given.loss, others: given.state };
  });
  expectClose('BYOL loss: multi-crop', multi.loss, pick(crops, 'loss'), 2e-6);
  for (const [name, expected] of Object.entries(under(crops, 'gradient'))) {
    if (/(projector|predictor)\.0\.bias/.test(name)) continue;
    expectClose(`BYOL gradient: multi-crop ${name}`, pick(multi.gradients, name), expected, 1e-5);
  }
  for (const name of ['mean', 'variance']) {
    expectClose(`BYOL ${name}`, pick(now.state, `encoder.${name}`), pick(last, name), 5e-6);
  }
});

it('learns, leaks nothing, and gives the same bytes for the same seed', () => {
  const method = byol({ ...small, hidden: 32, target: 'copy' });
  const first = trainSteps(method, { steps: 5, seed: 1 });
  expect(first.losses.at(-1)).toBeLessThan((first.losses[0] ?? 0) - 0.5);
  expect(trainSteps(method, { steps: 5, seed: 1 })).toEqual(first);
});

const shapes = (tensors: NamedTensors): Record<string, number[]> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
const weights = (value: number) => ({
  trained: { w: tf.fill([2, 2], value) },
  stats: { mean: tf.zeros([2]) },
});

it('has projector, predictor and a target without a predictor or statistics', () => {
  const { trained, state } = byol({ ...small, target: 'fresh' }).init(
    3,
    createRng(0),
    weights(1),
    () => weights(2),
  );
  expect(shapes(trained)).toEqual({
    'projector.0.weight': [3, 10],
    'projector.0.bias': [10],
    'projector.1.weight': [10],
    'projector.1.bias': [10],
    'projector.3.weight': [10, 6],
    'predictor.0.weight': [6, 10],
    'predictor.0.bias': [10],
    'predictor.1.weight': [10],
    'predictor.1.bias': [10],
    'predictor.3.weight': [10, 6],
  });
  expect(Object.keys(state).sort()).toEqual(
    [
      'encoder.w',
      ...['0.bias', '0.weight', '1.bias', '1.weight', '3.weight'].map((n) => `projector.${n}`),
    ].map((name) => `target.${name}`),
  );
});

it('begins the target with weights of its own, or with a copy', () => {
  const begin = (target: 'fresh' | 'copy') =>
    byol({ ...small, target }).init(3, createRng(0), weights(1), () => weights(2));
  const first = (tensors: NamedTensors, name: string) => pick(tensors, name).dataSync()[0];
  const fresh = begin('fresh');
  expect(first(fresh.state, 'target.encoder.w')).toBe(2);
  expect(first(fresh.state, 'target.projector.0.weight')).not.toBe(
    first(fresh.trained, 'projector.0.weight'),
  );
  const copy = begin('copy');
  expect(first(copy.state, 'target.encoder.w')).toBe(1);
  expect(first(copy.state, 'target.projector.0.weight')).toBe(
    first(copy.trained, 'projector.0.weight'),
  );
});
