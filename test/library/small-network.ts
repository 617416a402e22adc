import type { Augmentation, Backbone } from '../../src/library/stage.js';
import { asMatrix, asRank4, asVector } from '../../src/tensor/as-rank.js';
import { batchNorm } from '../../src/tensor/layers/batch-norm.js';
import { relu } from '../../src/tensor/layers/relu.js';
import { type NamedTensors, pick } from '../../src/tensor/named-tensors.js';
import { tf } from '../../src/tensor/tf.js';
import { size } from './synthetic.js';

/** A view with every change that there is. */
export const everyChange: Augmentation = {
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

/** A small network for images of any size: one convolution and batch norm. */
export const smallNetwork: Backbone = {
  features: 4,
  init(rng) {
    const weight = Float32Array.from({ length: 3 * 3 * 3 * 4 }, () => 0.3 * rng.normal());
    return {
      trained: {
        'conv.weight': tf.tensor4d(weight, [3, 3, 3, 4]),
        'bn.weight': tf.ones([4]),
        'bn.bias': tf.zeros([4]),
      },
      stats: { 'bn.mean': tf.zeros([4]), 'bn.variance': tf.ones([4]) },
    };
  },
  apply({ trained, stats }, x) {
    const vector = (of: NamedTensors, name: string) => asVector(pick(of, name));
    const y = tf.conv2d(x, asRank4(pick(trained, 'conv.weight')), 1, 'same');
    const affine = { weight: vector(trained, 'bn.weight'), bias: vector(trained, 'bn.bias') };
    const before = { mean: vector(stats, 'bn.mean'), variance: vector(stats, 'bn.variance') };
    const { y: normal, running } = batchNorm(y, affine, before);
    return {
      features: asMatrix(tf.mean(relu(normal), [1, 2])),
      stats: { 'bn.mean': running.mean, 'bn.variance': running.variance },
    };
  },
};
