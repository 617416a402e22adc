import { expect, it } from 'vitest';
import { asRank4 } from '../../../src/tensor/as-rank.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { pick, under } from '../../../src/tensor/named-tensors.js';
import { resnet } from '../../../src/tensor/networks/resnet.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../parity.js';

const shapes = {
  18: { block: 'basic', blocks: [2, 2, 2, 2] },
  34: { block: 'basic', blocks: [3, 4, 6, 3] },
  50: { block: 'bottleneck', blocks: [3, 4, 6, 3] },
} as const;

// ResNet-50 is badly conditioned: torch's own float32 is as far off (make_resnet.py says how far).
for (const [layers, stem, ofValues, ofGradients] of [
  [18, 'small', 1e-5, 5e-5],
  [18, 'small-half', 1e-5, 5e-5],
  [18, 'imagenet', 1e-5, 5e-5],
  [34, 'small', 1e-5, 5e-5],
  [50, 'small-half', 1e-4, 5e-4],
  [50, 'imagenet', 1e-4, 5e-4],
] as const) {
  it(`gives features, gradients and statistics as torchvision does: ResNet-${layers}, ${stem}`, () => {
    const reference = tensorsOf(`resnet${layers}-${stem}`);
    const network = resnet({ ...shapes[layers], width: 2, stem }, { zeroInitResidual: false });
    const trained = under(reference, 'trained');
    const stats = under(reference, 'stats');
    const x = asRank4(pick(reference, 'x'));
    const close = (what: string, actual: tf.Tensor, expected: string, tolerance: number): void =>
      expectClose(`ResNet-${layers} ${what}`, actual, pick(reference, expected), tolerance);

    const evaluation = network.apply({ trained, stats }, x);
    expect(evaluation.stats).toEqual({});
    close(`evaluation: ${stem}`, evaluation.features, 'evaluation', ofValues);

    const dy = pick(reference, 'dy');
    const seed = tf.tensor1d([0, 0], 'int32');
    const { gradients, others } = differentiate(trained, (weights) => {
      const pass = network.apply({ trained: weights, stats }, x, { seed });
      const loss = tf.sum<tf.Scalar>(tf.mul(pass.features, dy));
      return { loss, others: { ...pass.stats, features: pass.features } };
    });
    close(`features: ${stem}`, pick(others, 'features'), 'features', ofValues);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(trained).sort());
    for (const [name, gradient] of Object.entries(gradients)) {
      close(`gradients: ${stem} ${name}`, gradient, `gradients.${name}`, ofGradients);
    }
    for (const name of Object.keys(under(reference, 'new'))) {
      close(`statistics: ${stem} ${name}`, pick(others, name), `new.${name}`, ofValues);
    }
  });
}

it('begins with the weights of torchvision, the same for the same seed', () => {
  const network = resnet({ ...shapes[18], width: 16, stem: 'small' }, { zeroInitResidual: false });
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

it('has the features, the names and the shapes of torchvision, at its width', () => {
  const network = resnet(
    { ...shapes[50], width: 64, stem: 'imagenet' },
    { zeroInitResidual: true },
  );
  const { trained, stats } = network.init(createRng(1));
  expect(network.features).toBe(2048);
  expect(Object.keys(trained).length + Object.keys(stats).length).toBe(265);
  expect(Object.values(trained).reduce((sum, { size }) => sum + size, 0)).toBe(23_508_032);
  for (const [name, zero] of [
    ['layer1.0.bn3', true],
    ['layer4.2.bn3', true],
    ['layer4.2.bn2', false],
    ['layer4.0.downsample.1', false],
  ] as const) {
    const [first] = pick(trained, `${name}.weight`).dataSync();
    expect(first, name).toBe(zero ? 0 : 1);
  }
});
