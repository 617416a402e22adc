import { differentiate } from '../differentiate.js';
import { type NamedTensors, prefixed, under } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { Moment } from './moment.js';
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

/** What a method may change beside the optimiser. */
export type Changeable = Pick<TrainingState, 'trained' | 'state'>;

/** What a loss gives: a scalar, the changed entries of state, and scalars worth watching. */
export interface Loss {
  readonly loss: tf.Scalar;
  readonly state: NamedTensors;
  readonly watch?: NamedTensors;
}

/**
 * One kind of step. Every function is pure and computes with tensors alone: it runs when the step is
 * compiled, and then never again.
 */
export interface StepRules {
  /** What the loss sees of the inputs: views of images. No gradient flows through it. Default: the inputs. */
  prepare?(inputs: NamedTensors): NamedTensors;
  loss(trained: NamedTensors, state: NamedTensors, seen: NamedTensors, at: Moment): Loss;
  update(
    gradients: NamedTensors,
    now: TrainingState,
    at: Moment,
  ): { trained: NamedTensors; slots: NamedTensors };
  /** After the update: what it changes. */
  after?(now: Changeable, at: Moment): Partial<Changeable>;
  /** Before the first step of each epoch: what it changes. */
  begin?(now: Changeable, at: Moment): Partial<Changeable>;
  /** Before the first step of all, on each batch of the first epoch in turn: the changed entries of state. */
  observe?(now: Changeable, seen: NamedTensors, at: Moment): NamedTensors;
}

/** What a step is fed. */
export interface Fed {
  readonly inputs: NamedTensors;
  readonly at: Moment;
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
    const passed = { trained, state: { ...now.state, ...under(others, 'state') } };
    const next = { slots, ...changed(passed, rules.after?.(passed, at)) };
    return { next, loss, watch: under(others, 'watch'), norms: stepNorms(gradients, trained) };
  });
}

/** What {@link StepRules.begin} makes of a state. Disposes nothing that it was given. */
export function beginStep(rules: StepRules, now: TrainingState, at: Moment): TrainingState {
  return tf.tidy(() => ({ slots: now.slots, ...changed(now, rules.begin?.(now, at)) }));
}

/** What {@link StepRules.observe} makes of a state. Disposes nothing that it was given. */
export function observeStep(
  rules: StepRules,
  now: TrainingState,
  { inputs, at }: Fed,
): TrainingState {
  return tf.tidy(() => {
    const state = rules.observe?.(now, rules.prepare?.(inputs) ?? inputs, at) ?? {};
    return { slots: now.slots, ...changed(now, { state }) };
  });
}

function changed({ trained, state }: Changeable, by: Partial<Changeable> = {}): Changeable {
  return { trained: { ...trained, ...by.trained }, state: { ...state, ...by.state } };
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
