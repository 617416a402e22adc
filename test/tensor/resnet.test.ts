import { expect, it } from 'vitest';
import { asRank4 } from '../../src/tensor/as-rank.js';
import { differentiate } from '../../src/tensor/differentiate.js';
import { pick, under } from '../../src/tensor/named-tensors.js';
import { resnet, type Stem } from '../../src/tensor/resnet.js';
import { createRng } from '../../src/tensor/rng.js';
import { tf } from '../../src/tensor/tf.js';
import { expectClose, tensorsOf } from './parity.js';

const stems: readonly Stem[] = ['small', 'small-half', 'imagenet'];

it('gives features, gradients and statistics as torchvision does', () => {
  for (const stem of stems) {
    const reference = tensorsOf(`resnet18-${stem}`);
    const network = resnet({ blocks: [2, 2, 2, 2], width: 2, stem });
    const trained = under(reference, 'trained');
    const stats = under(reference, 'stats');
    const x = asRank4(pick(reference, 'x'));

    const evaluation = network.apply({ trained, stats }, x);
    expect(evaluation.stats).toEqual({});
    expectClose(
      `ResNet-18 evaluation: ${stem}`,
      evaluation.features,
      pick(reference, 'evaluation'),
      1e-5,
    );

    const dy = pick(reference, 'dy');
    const { gradients, others } = differentiate(trained, (weights) => {
      const pass = network.apply({ trained: weights, stats }, x, {
        seed: tf.tensor1d([0, 0], 'int32'),
      });
      const loss = tf.sum<tf.Scalar>(tf.mul(pass.features, dy));
      return { loss, others: { ...pass.stats, features: pass.features } };
    });
    expectClose(
      `ResNet-18 features: ${stem}`,
      pick(others, 'features'),
      pick(reference, 'features'),
      1e-5,
    );
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(trained).sort());
    for (const [name, gradient] of Object.entries(gradients)) {
      const expected = pick(reference, `gradients.${name}`);
      expectClose(`ResNet-18 gradients: ${stem} ${name}`, gradient, expected, 5e-5);
    }
    for (const [name, value] of Object.entries(under(reference, 'new'))) {
      expectClose(`ResNet-18 statistics: ${stem} ${name}`, pick(others, name), value, 1e-5);
    }
  }
});

it('begins with the weights of torchvision, the same for the same seed', () => {
  const network = resnet({ blocks: [2, 2, 2, 2], width: 16, stem: 'small' });
  const { trained, stats } = network.init(createRng(1));
  expect(network.features).toBe(128);
  const reference = tensorsOf('resnet18-small');
  expect(Object.keys(trained).sort()).toEqual(Object.keys(under(reference, 'trained')).sort());
  expect(Object.keys(stats).sort()).toEqual(Object.keys(under(reference, 'stats')).sort());
  const kernel = pick(trained, 'layer4.1.conv2.weight');
  const { mean, variance } = tf.moments(kernel);
  expect(kernel.shape).toEqual([3, 3, 128, 128]);
  expect(Math.abs(mean.dataSync()[0] ?? 1)).toBeLessThan(1e-3);
  expect((variance.dataSync()[0] ?? 0) / (2 / (9 * 128))).toBeCloseTo(1, 1);
  const again = network.init(createRng(1));
  expect(pick(again.trained, 'conv1.weight').dataSync()).toEqual(
    pick(trained, 'conv1.weight').dataSync(),
  );
  const other = network.init(createRng(2));
  expect(pick(other.trained, 'conv1.weight').dataSync()).not.toEqual(
    pick(trained, 'conv1.weight').dataSync(),
  );
});
