import type { Backbone } from '../../../src/library/stage.js';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { batchNorm } from '../../../src/tensor/layers/batch-norm.js';
import { dense } from '../../../src/tensor/layers/dense.js';
import { relu } from '../../../src/tensor/layers/relu.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';

/** The encoder of the scripts that record methods, of images (n, 2, 2, 3): linear, batch norm with running statistics, ReLU. */
export const referenceEncoder: Backbone = {
  features: 8,
  init: () => ({ trained: {}, stats: {} }),
  apply({ trained, stats }, x) {
    const [n] = x.shape;
    const vector = (tensors: NamedTensors, name: string) => asVector(pick(tensors, name));
    const y = dense(x.reshape([n, 12]), asMatrix(pick(trained, '0.weight')));
    const normal = batchNorm(
      y.reshape([n, 1, 1, 8]),
      { weight: vector(trained, '1.weight'), bias: vector(trained, '1.bias') },
      { mean: vector(stats, 'mean'), variance: vector(stats, 'variance') },
    );
    return {
      features: asMatrix(relu(normal.y).reshape([n, 8])),
      stats: { mean: normal.running.mean, variance: normal.running.variance },
    };
  },
};
