import type { NamedTensors } from '../named-tensors.js';
import type { StepRules, TrainingState } from './train-step.js';

/** A training, as what its steps need. Everything follows from the step's number, so it can go on anywhere. */
export interface Training {
  /** Of all that is random in the steps. */
  readonly seed: number;
  readonly epochs: number;
  /** Steps in an epoch. */
  readonly perEpoch: number;
  /** The state at the start; the trainer owns the tensors. */
  init(): TrainingState;
  /** Begins to read what a step computes on: called while the step before it runs, and awaited before `inputs`. */
  fetch?(step: number): Promise<void> | undefined;
  /** Ends what `fetch` keeps going; no step is fetched after it. */
  end?(): void;
  /** What a step (from 0) computes on, with the same names and shapes each time; the trainer frees it. */
  inputs(step: number): NamedTensors;
  /** Data-set images that a step sees. */
  images(step: number): number;
  /** The work of each step: nothing in it may know which step it is but by what it is fed. */
  rules(): StepRules;
  /** Factor of the base learning rate at a step; default: 1. */
  scale?(step: number): number;
  /** Learning rate of a step, for people. */
  rate(step: number): number;
}
