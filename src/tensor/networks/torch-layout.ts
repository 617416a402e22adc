import type { NamedTensors } from '../named-tensors.js';
import { tf } from '../tf.js';

/** Kernels (h, w, in, out) to (out, in, h, w) and matrices (in, out) to (out, in); vectors as they are. */
export function toTorch(tensors: NamedTensors): NamedTensors {
  return transposed(tensors, [3, 2, 0, 1]);
}

/** The shape that a tensor has in PyTorch. */
export function torchShape(shape: readonly number[]): readonly number[] {
  const [a, b, c, d] = shape;
  return shape.length === 4
    ? [d, c, a, b].map(Number)
    : shape.length === 2
      ? [b, a].map(Number)
      : shape;
}

/** Undoes {@link toTorch}. */
export function fromTorch(tensors: NamedTensors): NamedTensors {
  return transposed(tensors, [2, 3, 1, 0]);
}

function transposed(tensors: NamedTensors, kernel: number[]): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      if (tensor.rank === 4) return [name, tf.transpose(tensor, kernel)];
      return [name, tensor.rank === 2 ? tf.transpose(tensor) : tf.clone(tensor)];
    }),
  );
}
