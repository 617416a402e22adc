import { invariant } from '../../base/errors.js';
import { asMatrix, asRank4, asVector } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import { add, map, mul, sub, sumToLast } from '../float-ops.js';
import { attr, native, nativeBackend } from '../native.js';
import { tf } from '../tf.js';

// torch.nn.BatchNorm2d's defaults.
const momentum = 0.1;
const epsilon = 1e-5;
const common = {
  T: attr.type('float32'),
  U: attr.type('float32'),
  epsilon: attr.float(epsilon),
  data_format: attr.string('NHWC'),
};

/** Scale and shift of a batch norm, each (c). */
export interface Affine {
  readonly weight: tf.Tensor1D;
  readonly bias: tf.Tensor1D;
}

/** Running statistics of a batch norm, each (c). */
export interface RunningStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/**
 * Batch norm by the batch's own statistics, x (n, h, w, c), and the new running statistics, as
 * torch.nn.BatchNorm2d in training: epsilon 1e-5, running = 0.9 running + 0.1 batch, where the
 * running variance takes the unbiased one (divided by n h w - 1). One native op forward, one backward.
 */
export function batchNorm(
  x: tf.Tensor4D,
  affine: Affine,
  running: RunningStatistics,
): { y: tf.Tensor4D; running: RunningStatistics } {
  const attrs = {
    ...common,
    exponential_avg_factor: attr.float(momentum),
    is_training: attr.bool(true),
  };
  const inputs = [x, affine.weight, affine.bias, running.mean, running.variance];
  const [y, mean, variance, ...reserved] = native('FusedBatchNormV3', inputs, attrs, 6);
  return {
    y: differentiable(asRank4(y), x, affine, reserved, true),
    running: { mean: asVector(mean), variance: asVector(variance) },
  };
}

/** Batch norm by running statistics, as torch.nn.BatchNorm2d in evaluation. */
export function batchNormFrozen(
  x: tf.Tensor4D,
  affine: Affine,
  running: RunningStatistics,
): tf.Tensor4D {
  const attrs = { ...common, is_training: attr.bool(false) };
  const inputs = [x, affine.weight, affine.bias, running.mean, running.variance];
  const [y, , , ...reserved] = native('FusedBatchNormV3', inputs, attrs, 6);
  return differentiable(asRank4(y), x, affine, reserved, false);
}

/**
 * Batch norm of features x (n, d) by the batch's own statistics, for heads: these see training only,
 * so they keep no running statistics. Without `affine` it only standardises, as torch.nn.BatchNorm1d
 * with affine=False (variance divided by n).
 */
export function batchNorm1d(x: tf.Tensor2D, affine?: Affine): tf.Tensor2D {
  const [n, d] = x.shape;
  const zeros = tf.zeros<tf.Rank.R1>([d]);
  const ones = tf.ones<tf.Rank.R1>([d]);
  const images = tf.reshape<tf.Rank.R4>(x, [n, 1, 1, d]);
  const { y } = batchNorm(images, affine ?? { weight: ones, bias: zeros }, {
    mean: zeros,
    variance: ones,
  });
  return asMatrix(tf.reshape(y, [n, d]));
}

function differentiable(
  y: tf.Tensor4D,
  x: tf.Tensor4D,
  { weight, bias }: Affine,
  reserved: readonly tf.Tensor[],
  training: boolean,
): tf.Tensor4D {
  const attrs = { ...common, is_training: attr.bool(training) };
  return attachGradient(y, {
    inputs: [x, weight, bias],
    save: [x, weight, ...reserved],
    backward(dy, saved) {
      if (!training && nativeBackend().isUsingGpuDevice) return frozenGradients(dy, saved);
      const [dx, dWeight, dBias] = native('FusedBatchNormGradV3', [dy, ...saved], attrs, 5);
      return [dx, dWeight, dBias];
    },
  });
}

/**
 * The gradients of {@link batchNormFrozen} by x, weight and bias, of what it saved: x, weight, mean and
 * variance. The native op's kernel for GPUs refuses to run where determinism is asked for: there they are made
 * of parts.
 */
export function frozenGradients(dy: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor[] {
  const [x, weight, mean, variance] = saved;
  invariant(x && weight && mean && variance, 'batch norm has saved what its gradient needs');
  const scale = map('Rsqrt', add(variance, epsilon));
  const standardised = mul(sub(x, mean), scale);
  return [mul(dy, mul(weight, scale)), sumToLast(mul(dy, standardised)), sumToLast(dy)];
}
