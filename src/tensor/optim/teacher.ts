import { type NamedTensors, prefixed, under } from '../named-tensors.js';
import { tf } from '../tf.js';
import { emaUpdate } from './ema.js';

/** Weights in a method's state that follow what is trained, by the names of that. */
export interface Teacher {
  /** Its entries of state at the start: these tensors, which are its own from then on. */
  begin(weights: NamedTensors, statistics?: NamedTensors): NamedTensors;
  /** To pass through the networks: see {@link allWithoutGradient}. */
  weights(state: NamedTensors): NamedTensors;
  /** The batch statistics of its own passes, where it keeps some. */
  statistics(state: NamedTensors): NamedTensors;
  /** The entries of state for statistics of a pass. */
  keep(statistics: NamedTensors): NamedTensors;
  /** Its entries of state after a step: moving averages that take the given share of the weights of today. */
  follow(state: NamedTensors, weights: NamedTensors, share: tf.Scalar): NamedTensors;
}

/**
 * A teacher whose weights stand in the state under `NAME.…`, and statistics under `NAME_statistics.…`.
 * Weights alone are averaged, as in all official codes: statistics come from its own passes.
 */
export function teacherAt(name: string): Teacher {
  const apart = `${name}_statistics`;
  return {
    begin: (weights, statistics = {}) => ({
      ...prefixed(weights, name),
      ...prefixed(statistics, apart),
    }),
    weights: (state) => under(state, name),
    statistics: (state) => under(state, apart),
    keep: (statistics) => prefixed(statistics, apart),
    follow: (state, weights, share) =>
      prefixed(emaUpdate(under(state, name), weights, share), name),
  };
}

/** The same numbers under handles of their own: of a teacher that begins as a copy. */
export function copied(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)]),
  );
}
