import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { invariant } from '../base/errors.js';
import { tf } from './tf.js';

/** TensorFlow's number for each element type (`TF_DataType` in tf_datatype.h). */
export const tfType = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  float16: 19,
  resource: 20,
} as const;

/** Name of an element type of TensorFlow; more than tfjs has. */
export type TfType = keyof typeof tfType;

/** TensorFlow's number for each kind of attribute (`TF_AttrType` in tf_attrtype.h). */
export const attrKind = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** Value of one attribute of a native op; make it with {@link attr}. */
export interface NativeAttr {
  readonly type: number;
  readonly value: string | number | boolean | number[] | boolean[];
}

/** Attributes of a native op by name, as in the op's definition in TensorFlow. */
export type NativeAttrs = Readonly<Record<string, NativeAttr>>;

/**
 * Typed attribute values. The kind has to match the op's definition: TensorFlow does not report
 * a wrong one, it silently takes the default.
 */
export const attr = {
  type: (name: TfType): NativeAttr => ({ type: attrKind.type, value: tfType[name] }),
  float: (value: number): NativeAttr => ({ type: attrKind.float, value }),
  int: (value: number): NativeAttr => ({ type: attrKind.int, value }),
  bool: (value: boolean): NativeAttr => ({ type: attrKind.bool, value }),
  string: (value: string): NativeAttr => ({ type: attrKind.string, value }),
  shape: (dims: readonly number[]): NativeAttr => ({ type: attrKind.shape, value: [...dims] }),
  ints: (values: readonly number[]): NativeAttr => ({ type: attrKind.int, value: [...values] }),
  floats: (values: readonly number[]): NativeAttr => ({ type: attrKind.float, value: [...values] }),
  bools: (values: readonly boolean[]): NativeAttr => ({ type: attrKind.bool, value: [...values] }),
} as const;

type Tuple<N extends number, T extends readonly tf.Tensor[] = []> = number extends N
  ? tf.Tensor[]
  : T['length'] extends N
    ? T
    : Tuple<N, readonly [...T, tf.Tensor]>;

/**
 * The native backend, once `loadTensorFlow` registered it. `binding` is the choke point through
 * which every native call goes.
 * @throws Bug when the runtime is not loaded.
 */
export function nativeBackend(): NodeJSKernelBackend {
  invariant(
    tf.engine().backendName === 'tensorflow',
    'a native op was called before loadTensorFlow',
  );
  // tfjs types a backend by its abstract class; the one registered under this name is this one.
  return tf.backend() as NodeJSKernelBackend;
}

/**
 * Runs one TensorFlow op by name, e.g.
 * `native('ReluGrad', [dy, y], { T: attr.type('float32') })`, or with several outputs
 * `const [y, mean, variance] = native('FusedBatchNormV3', [...], {...}, 6)`.
 *
 * - `outputs` must be the op's number of outputs.
 * - It has no gradient: use it in `tf.customGrad`, in data code, or in updates.
 * - Outputs are tracked by `tf.tidy` like any tensor. A `uint8` or `int64` output calls itself
 *   `int32` (and `uint8` cannot be read: cast it first); an output of a type that tfjs has no
 *   name for (`bfloat16`) throws.
 * @throws Error with TensorFlow's message on an unknown op, wrong shapes or wrong element types.
 */
export function native(op: string, inputs: readonly tf.Tensor[], attrs: NativeAttrs): tf.Tensor;
export function native<N extends number>(
  op: string,
  inputs: readonly tf.Tensor[],
  attrs: NativeAttrs,
  outputs: N,
): Tuple<N>;
export function native(
  op: string,
  inputs: readonly tf.Tensor[],
  attrs: NativeAttrs,
  outputs?: number,
): tf.Tensor | tf.Tensor[] {
  const list = Object.entries(attrs).map(([name, { type, value }]) => ({ name, type, value }));
  const backend = nativeBackend();
  return outputs === undefined
    ? backend.executeSingleOutput(op, list, [...inputs])
    : backend.executeMultipleOutputs(op, list, [...inputs], outputs);
}
