import type { TensorMetadata } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { invariant } from '../../base/errors.js';
import { tf } from '../tf.js';

/** Methods of the package's backend that its types keep to itself. */
interface Internals {
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

const internals = (): Internals => tf.backend() as tf.KernelBackend & Internals; // there since 2018

/** Numbers of the native tensors; makes those whose values were in JavaScript alone so far. */
export function nativeIds(tensors: readonly tf.Tensor[]): number[] {
  return internals().getInputTensorIds([...tensors]);
}

/** Number of one native tensor. */
export function nativeId(tensor: tf.Tensor): number {
  const [id] = nativeIds([tensor]);
  invariant(id !== undefined, 'a tensor has a native number');
  return id;
}

/** The tensor that a native call returned; tracked by `tf.tidy`. */
export function tensorOf(result: TensorMetadata): tf.Tensor {
  return internals().createOutputTensor(result);
}
