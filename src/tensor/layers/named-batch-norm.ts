import { asVector } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { tf } from '../tf.js';
import { batchNorm, batchNormFrozen } from './batch-norm.js';
import type { TrainingPass } from './training-pass.js';

/** Trained weights and running statistics by name. */
export interface NamedWeights {
  readonly trained: NamedTensors;
  readonly stats: NamedTensors;
}

/** Batch norm by name; in training by the batch's statistics, with the new running ones by their names. */
export function namedBatchNorm(
  name: string,
  x: tf.Tensor4D,
  { trained, stats }: NamedWeights,
  training: TrainingPass | undefined,
): { y: tf.Tensor4D; fresh: NamedTensors } {
  const affine = {
    weight: asVector(pick(trained, `${name}.weight`)),
    bias: asVector(pick(trained, `${name}.bias`)),
  };
  const statistics = {
    mean: asVector(pick(stats, `${name}.running_mean`)),
    variance: asVector(pick(stats, `${name}.running_var`)),
  };
  if (training === undefined) return { y: batchNormFrozen(x, affine, statistics), fresh: {} };
  const { y, running } = batchNorm(x, affine, statistics);
  return {
    y,
    fresh: { [`${name}.running_mean`]: running.mean, [`${name}.running_var`]: running.variance },
  };
}

/** A batch norm of so many channels as it begins, named as in torchvision. */
export const initialBatchNorm = (name: string, channels: number, weight = 1): NamedWeights => ({
  trained: {
    [`${name}.weight`]: tf.fill([channels], weight),
    [`${name}.bias`]: tf.zeros([channels]),
  },
  stats: {
    [`${name}.running_mean`]: tf.zeros([channels]),
    [`${name}.running_var`]: tf.ones([channels]),
  },
});
