import type { NamedTensors } from '../../../src/tensor/named-tensors.js';

/** The shape of each tensor. */
export const shapesOf = (tensors: NamedTensors): Record<string, number[]> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
