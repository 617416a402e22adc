import { differentiate } from '../differentiate.js';
import { type NamedTensors, prefixed, under } from '../named-tensors.js';
import { tf } from '../tf.js';

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

/** One kind of step; every function is pure. */
export interface StepRules {
  loss(trained: NamedTensors, state: NamedTensors, views: readonly tf.Tensor4D[]): Loss;
  update(
    gradients: NamedTensors,
    now: TrainingState,
  ): { trained: NamedTensors; slots: NamedTensors };
  /** After the update: the changed entries of state. */
  after?(trained: NamedTensors, state: NamedTensors): NamedTensors;
}

/** What a step gives. All tensors are the caller's to dispose; unchanged entries are the old tensors. */
export type StepResult = {
  readonly next: TrainingState;
  readonly loss: tf.Tensor;
  readonly watch: NamedTensors;
};

/** One step of training: loss, gradients, update. Disposes nothing that it was given. */
export function trainStep(
  rules: StepRules,
  now: TrainingState,
  views: readonly tf.Tensor4D[],
): StepResult {
  return tf.tidy(() => {
    const { loss, gradients, others } = differentiate(now.trained, (trained) => {
      const given = rules.loss(trained, now.state, views);
      const side = { ...prefixed(given.state, 'state'), ...prefixed(given.watch ?? {}, 'watch') };
      return { loss: given.loss, others: side };
    });
    const { trained, slots } = rules.update(gradients, now);
    const state = { ...now.state, ...under(others, 'state') };
    const changed = rules.after?.(trained, state) ?? {};
    const next: TrainingState = { trained, slots, state: { ...state, ...changed } };
    return { next, loss, watch: under(others, 'watch') };
  });
}

/** The same tensors with names sorted, as a checkpoint gives them back: no sum may depend on a restart. */
export function inOrder({ trained, state, slots }: TrainingState): TrainingState {
  const sorted = (tensors: NamedTensors): NamedTensors =>
    Object.fromEntries(Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { trained: sorted(trained), state: sorted(state), slots: sorted(slots) };
}

/** Frees what a state holds and the one that followed it does not. */
export function disposeReplaced(old: TrainingState, next?: TrainingState): void {
  const used = new Set(next === undefined ? [] : tensorsOf(next));
  for (const tensor of new Set(tensorsOf(old))) if (!used.has(tensor)) tensor.dispose();
}

function tensorsOf({ trained, state, slots }: TrainingState): tf.Tensor[] {
  return [trained, state, slots].flatMap((part) => Object.values(part));
}
