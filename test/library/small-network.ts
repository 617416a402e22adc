import type { Backbone } from '../../src/library/stage.js';
import { asMatrix, asRank4, asVector } from '../../src/tensor/as-rank.js';
import { batchNorm } from '../../src/tensor/batch-norm.js';
import { type NamedTensors, pick } from '../../src/tensor/named-tensors.js';
import { relu } from '../../src/tensor/relu.js';
import { tf } from '../../src/tensor/tf.js';

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
