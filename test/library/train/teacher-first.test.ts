import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { make as constant } from '../../../src/library/optim/constant.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import type { Method, MethodStep } from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { tf } from '../../../src/tensor/tf.js';
import { withoutGradient } from '../../../src/tensor/without-gradient.js';
import { smallNetwork } from '../small-network.js';
import { contextOf, croppedViews, syntheticPairs } from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});
afterEach(() => {
  delete process.env.SSP_EAGER;
});

const pairs = syntheticPairs();

/** A method whose target is asked before its student. */
const asked = (teacher: (step: MethodStep) => MethodStep['trained']): Method => ({
  views: 2,
  init: () => ({ trained: {}, state: {} }),
  loss(step) {
    const { trained, state, views, encode } = step;
    const [first, second] = views;
    if (!first || !second) throw new Error('two views');
    const target = withoutGradient(() => encode(teacher(step), state, first).features);
    const pass = encode(trained, state, second);
    const loss = tf.mean<tf.Scalar>(tf.squaredDifference(pass.features, target));
    return { loss, state: pass.state };
  },
});

/** All images are the same to it. */
const blind = ({ trained }: MethodStep): MethodStep['trained'] =>
  Object.fromEntries(Object.entries(trained).map(([name, tensor]) => [name, tf.zerosLike(tensor)]));

it.each([
  ['weights of its own', blind],
  ['the same weights', ({ trained }: MethodStep) => trained],
] as const)('takes a method that asks its teacher first, with %s', async (_, teacher) => {
  for (const eager of ['0', '1']) {
    process.env.SSP_EAGER = eager;
    const context = contextOf({
      pairs,
      views: croppedViews,
      method: asked(teacher),
      backbone: smallNetwork,
      epochs: 1,
      batch: 4,
      optimizer: sgd({ lr: 0.001, momentum: 0, nesterov: false, decay: 0, exclude: false }),
      schedule: constant({}),
      init: null,
      precision: 'fp32' as const,
      seed: 2,
    });
    await pretrain(context);
    const { rows } = JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8'));
    // That of the student, whoever was asked first.
    expect(rows[0].feature_std).toBeGreaterThan(0.01);
    expect(rows[0].loss).toBeGreaterThan(0);
  }
});
