import { createRng } from '../rng.js';
import { tf } from '../tf.js';

/**
 * Where a training stands before a step: fed as tensors, so that one graph serves all steps. All but
 * the seed are float32 scalars.
 */
export type Moment = {
  /** Steps done: counts from 0. */
  readonly step: tf.Scalar;
  /** Whole epochs done: counts from 0. */
  readonly epoch: tf.Scalar;
  /** The share of the training that was done: from 0, as schedules of the official codes count. */
  readonly progress: tf.Scalar;
  /** The schedule's factor of the base learning rate. */
  readonly scale: tf.Scalar;
  /** int32 (2), another at each step: what is random in a step is drawn from it by stateless ops. */
  readonly seed: tf.Tensor1D;
};

/** The moment before a step of a training. The caller owns the tensors. */
export function momentOf(
  step: number,
  training: {
    readonly seed: number;
    readonly epochs: number;
    readonly perEpoch: number;
    readonly scale: number;
  },
): Moment {
  const rng = createRng(training.seed, 'step', step);
  return {
    step: tf.scalar(step),
    epoch: tf.scalar(Math.floor(step / training.perEpoch)),
    progress: tf.scalar(step / (training.epochs * training.perEpoch)),
    scale: tf.scalar(training.scale),
    seed: tf.tensor1d([rng.below(2 ** 31), rng.below(2 ** 31)], 'int32'),
  };
}
