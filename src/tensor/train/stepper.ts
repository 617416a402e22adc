import type { NamedTensors } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { Fed, TrainingState } from './train-step.js';

/** What a step tells. */
export interface Stepped {
  /** The loss as `loss`, and the watched scalars. */
  readonly watched: ReadonlyMap<string, number>;
  /** Of gradients and weights: see `step-norms.ts`. */
  readonly norms: Float32Array;
}

/**
 * Runs the steps of a training one after the other, and holds its state in between. What it is fed
 * stays the caller's, and has the same names and shapes each time.
 */
export interface Stepper {
  step(fed: Fed): Stepped;
  /** What comes before the first step of an epoch, which is fed this. */
  begin(fed: Fed): void;
  /** What comes before the first step of all, with the batch of one step of the first epoch. */
  observe(fed: Fed): void;
  /** The state as it is now; the caller owns the tensors. */
  state(): TrainingState;
  dispose(): void;
}

/** The outputs of a step as numbers; frees the tensors. */
export function numbersOf(outputs: NamedTensors, norms: tf.Tensor): Stepped {
  const scalars = Object.entries(outputs).map(
    ([name, tensor]) => [name, tensor.dataSync()[0] ?? Number.NaN] as const,
  );
  const stepped = { watched: new Map(scalars), norms: norms.dataSync<'float32'>() };
  tf.dispose([outputs, norms]);
  return stepped;
}
