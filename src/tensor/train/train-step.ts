import { differentiate } from '../differentiate.js';
import { type NamedTensors, prefixed, under } from '../named-tensors.js';
import { tf } from '../tf.js';
import { stepNorms } from './step-norms.js';

/** Everything that training changes. */
export type TrainingState = {
  /** Changed by gradient. */
  readonly trained: NamedTensors;
  /** Changed by forward passes and after updates: batch statistics, a teacher, a queue. */
  readonly state: NamedTensors;
  /** The optimiser's own: momentum and the like. */
  readonly slots: NamedTensors;
};

/** What a loss gives: a scalar, the changed entries of state, and scalars worth watching. */
export interface Loss {
  readonly loss: tf.Scalar;
  readonly state: NamedTensors;
  readonly watch?: NamedTensors;
}

/** Where a training stands at a step: fed as tensors, so that one graph serves all steps. */
export type StepNumbers = {
  /** The schedule's factor of the base learning rate. */
  readonly scale: tf.Scalar;
  /** Counts from 0; float32. */
  readonly step: tf.Scalar;
  /** The share of the training that was done before this step: from 0, as schedules of the official codes count. */
  readonly progress: tf.Scalar;
  /** int32 (2), another at each step: what is random in the loss is drawn from it by stateless ops. */
  readonly seed: tf.Tensor1D;
};

/**
 * One kind of step. Every function is pure and computes with tensors alone: it runs when the step is
 * compiled, and then never again.
 */
export interface StepRules {
  /** What the loss sees of the inputs: views of images. No gradient flows through it. Default: the inputs. */
  prepare?(inputs: NamedTensors): NamedTensors;
  loss(trained: NamedTensors, state: NamedTensors, seen: NamedTensors, at: StepNumbers): Loss;
  update(
    gradients: NamedTensors,
    now: TrainingState,
    at: StepNumbers,
  ): { trained: NamedTensors; slots: NamedTensors };
  /** After the update: the changed entries of state. */
  after?(trained: NamedTensors, state: NamedTensors, at: StepNumbers): NamedTensors;
}

/** What a step is fed. */
export interface Fed {
  readonly inputs: NamedTensors;
  readonly at: StepNumbers;
}

/** What a step gives. All tensors are the caller's to dispose; unchanged entries are the old tensors. */
export type StepResult = {
  readonly next: TrainingState;
  readonly loss: tf.Tensor;
  readonly watch: NamedTensors;
  /** See {@link stepNorms}. */
  readonly norms: tf.Tensor1D;
};

/** One step of training: loss, gradients, update. Disposes nothing that it was given. */
export function trainStep(rules: StepRules, now: TrainingState, { inputs, at }: Fed): StepResult {
  return tf.tidy(() => {
    const seen = rules.prepare?.(inputs) ?? inputs;
    const { loss, gradients, others } = differentiate(now.trained, (trained) => {
      const given = rules.loss(trained, now.state, seen, at);
      const side = { ...prefixed(given.state, 'state'), ...prefixed(given.watch ?? {}, 'watch') };
      return { loss: given.loss, others: side };
    });
    const { trained, slots } = rules.update(gradients, now, at);
    const state = { ...now.state, ...under(others, 'state') };
    const changed = rules.after?.(trained, state, at) ?? {};
    const next: TrainingState = { trained, slots, state: { ...state, ...changed } };
    return { next, loss, watch: under(others, 'watch'), norms: stepNorms(gradients, trained) };
  });
}

/** The same tensors with names sorted, as a checkpoint gives them back: no sum may depend on a restart. */
export function inOrder({ trained, state, slots }: TrainingState): TrainingState {
  const sorted = (tensors: NamedTensors): NamedTensors =>
    Object.fromEntries(Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { trained: sorted(trained), state: sorted(state), slots: sorted(slots) };
}

/** All tensors of a state by one name each; {@link stateOf} undoes it. */
export function tensorsByName({ trained, state, slots }: TrainingState): NamedTensors {
  return {
    ...prefixed(trained, 'trained'),
    ...prefixed(state, 'state'),
    ...prefixed(slots, 'slots'),
  };
}

/** The state whose tensors {@link tensorsByName} named. */
export function stateOf(tensors: NamedTensors): TrainingState {
  return {
    trained: under(tensors, 'trained'),
    state: under(tensors, 'state'),
    slots: under(tensors, 'slots'),
  };
}

/** Frees what a state holds and the one that followed it does not. */
export function disposeReplaced(old: TrainingState, next?: TrainingState): void {
  const used = new Set(next === undefined ? [] : Object.values(tensorsByName(next)));
  for (const tensor of new Set(Object.values(tensorsByName(old))))
    if (!used.has(tensor)) tensor.dispose();
}
