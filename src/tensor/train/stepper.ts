import type { Fed, TrainingState } from './train-step.js';

/** Runs the steps of a training one after the other, and holds its state in between. */
export interface Stepper {
  /** One step; the loss as `loss`, and the watched scalars, as numbers. What it is fed stays the caller's. */
  step(fed: Fed): ReadonlyMap<string, number>;
  /** The state as it is now; the caller owns the tensors. */
  state(): TrainingState;
  dispose(): void;
}
