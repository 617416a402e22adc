import type { NamedTensors } from '../named-tensors.js';
import { pick } from '../named-tensors.js';
import { normsOf } from '../optim/norms.js';
import type { tf } from '../tf.js';

/**
 * Euclidean norms of the gradients, then of the updated weights, each in the order of their names:
 * where one is no finite number, a tensor has broken. One pass over the numbers, and no copy.
 */
export function stepNorms(gradients: NamedTensors, trained: NamedTensors): tf.Tensor1D {
  const names = Object.keys(trained).sort();
  return normsOf([gradients, trained].flatMap((of) => names.map((name) => pick(of, name))));
}

/** A tensor of a step that is not finite, and the norm that says so. */
export interface Broken {
  readonly what: string;
  readonly value: number;
  /** How many more of its kind are not finite. */
  readonly others: number;
}

/**
 * What broke first in a step, by the norms of {@link stepNorms}. Gradients are computed from the loss
 * backwards, so of several the last in the order of the network is the first.
 */
export function firstBroken(norms: Float32Array, trained: readonly string[]): Broken | undefined {
  const names = [...trained].sort();
  const wrong = [...norms.keys()].filter((index) => !Number.isFinite(norms[index]));
  const gradients = wrong.filter((index) => index < names.length);
  const [of, index] = gradients.length > 0 ? [gradients, gradients.at(-1)] : [wrong, wrong[0]];
  if (index === undefined) return undefined;
  const name = names[index % names.length] ?? '';
  const what = gradients.length > 0 ? `the gradient of ${name}` : `weight ${name}`;
  return { what, value: norms[index] ?? Number.NaN, others: of.length - 1 };
}
