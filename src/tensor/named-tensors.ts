import { invariant } from '../base/errors.js';
import type { tf } from './tf.js';

/** Tensors by name: weights, statistics, gradients, slots. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** The tensor of that name. @throws Bug when it is missing. */
export function pick(tensors: NamedTensors, name: string): tf.Tensor {
  const tensor = tensors[name];
  invariant(tensor !== undefined, `there is no tensor ${name}`);
  return tensor;
}

/** The entries under `prefix.`, without it: `encoder.bn1.bias` becomes `bn1.bias`. */
export function under<T>(
  tensors: Readonly<Record<string, T>>,
  prefix: string,
): Readonly<Record<string, T>> {
  const start = `${prefix}.`;
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(start))
      .map(([name, tensor]) => [name.slice(start.length), tensor]),
  );
}

/** The same tensors with `prefix.` before every name; undoes {@link under}. */
export function prefixed(tensors: NamedTensors, prefix: string): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]),
  );
}
