import { type NamedTensors, pick } from '../named-tensors.js';
import { flatGroups } from '../optim/flat-groups.js';
import { flatten } from '../optim/flat-tensors.js';
import { normsOf } from '../optim/norms.js';
import { tf } from '../tf.js';

/**
 * Euclidean norms: of each gradient, in the order of their names, then of the updated weights, small ones
 * together. Where one is no finite number, a tensor has broken: weights can be looked at afterwards.
 */
export function stepNorms(gradients: NamedTensors, trained: NamedTensors): tf.Tensor1D {
  const names = Object.keys(trained).sort();
  return tf.tidy(() => {
    const weights = flatGroups(trained).map((group) => flatten(trained, group.names));
    return normsOf([...names.map((name) => pick(gradients, name)), ...weights]);
  });
}

/** A tensor of a step that is not finite, and a number that says so. */
export interface Broken {
  readonly what: string;
  readonly value: number;
  /** How many more of its kind are not finite. */
  readonly others: number;
}

/**
 * What broke first in a step, by the norms of {@link stepNorms} and the weights after it. Gradients are
 * computed from the loss backwards, so of several the last in the order of the network is the first.
 */
export function firstBroken(norms: Float32Array, trained: NamedTensors): Broken {
  const names = Object.keys(trained).sort();
  const gradients = names.flatMap((name, index) => {
    const norm = norms[index] ?? 0;
    return Number.isFinite(norm) ? [] : [{ what: `the gradient of ${name}`, value: norm }];
  });
  const last = gradients.at(-1);
  if (last !== undefined) return { ...last, others: gradients.length - 1 };
  const weights = names.flatMap((name) => {
    const norm = normOf(pick(trained, name));
    return Number.isFinite(norm) ? [] : [{ what: `weight ${name}`, value: norm }];
  });
  // Together they may overflow where none does alone.
  const [first = { what: 'all weights together', value: Number.POSITIVE_INFINITY }] = weights;
  return { ...first, others: Math.max(0, weights.length - 1) };
}

/** In float32, as a step has it. */
function normOf(tensor: tf.Tensor): number {
  const squares = tensor.dataSync<'float32'>().reduce((sum, x) => sum + x * x, 0);
  return Math.fround(Math.sqrt(squares));
}
