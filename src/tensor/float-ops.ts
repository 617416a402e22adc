import { attr, native } from './native.js';
import { tf } from './tf.js';

/**
 * Native ops on float32 by short names, for values and gradients that are written by hand: they leave
 * no trace on the tape (see attach-gradient.ts).
 */
const float = { T: attr.type('float32') };
const ofAxes = { ...float, Tidx: attr.type('int32'), keep_dims: attr.bool(true) };
const channelsLast = { ...float, data_format: attr.string('NHWC') };
const ints = (values: readonly number[]): tf.Tensor => tf.tensor1d([...values], 'int32');

type Factor = tf.Tensor | number;
const given = (x: Factor): tf.Tensor => (typeof x === 'number' ? tf.scalar(x) : x);

/** Elementwise, with broadcasting. */
export const mul = (a: tf.Tensor, b: Factor): tf.Tensor => native('Mul', [a, given(b)], float);
/** Elementwise, with broadcasting. */
export const add = (a: tf.Tensor, b: Factor): tf.Tensor => native('AddV2', [a, given(b)], float);
/** Elementwise, with broadcasting. */
export const sub = (a: Factor, b: tf.Tensor): tf.Tensor => native('Sub', [given(a), b], float);

/** An elementwise function of one tensor. */
export const map = (
  op: 'Erf' | 'Exp' | 'LogSoftmax' | 'Rsqrt' | 'Square' | 'Softmax',
  x: tf.Tensor,
): tf.Tensor => native(op, [x], float);

/** Mean over the last axis, which stays with length 1. */
export const meanOfLast = (x: tf.Tensor): tf.Tensor =>
  native('Mean', [x, ints([x.rank - 1])], ofAxes);

/** Sum over the last axis, which stays with length 1. */
export const sumOfLast = (x: tf.Tensor): tf.Tensor =>
  native('Sum', [x, ints([x.rank - 1])], ofAxes);

/** Sum over all axes but the last. */
export const sumToLast = (x: tf.Tensor): tf.Tensor => native('BiasAddGrad', [x], channelsLast);

/** Adds a vector along the last axis. */
export const addToLast = (x: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
  native('BiasAdd', [x, bias], channelsLast);

export const reshape = (x: tf.Tensor, shape: readonly number[]): tf.Tensor =>
  native('Reshape', [x, ints(shape)], { ...float, Tshape: attr.type('int32') });

export const transpose = (x: tf.Tensor, axes: readonly number[]): tf.Tensor =>
  native('Transpose', [x, ints(axes)], { ...float, Tperm: attr.type('int32') });

/** Which factors of a product are transposed first. */
interface Transposed {
  readonly a?: boolean;
  readonly b?: boolean;
}

/** Product of matrices. */
export const matMul = (a: tf.Tensor, b: tf.Tensor, transposed: Transposed = {}): tf.Tensor =>
  native('MatMul', [a, b], {
    ...float,
    transpose_a: attr.bool(transposed.a ?? false),
    transpose_b: attr.bool(transposed.b ?? false),
  });

/** Products of matrices, which are the last two axes. */
export const batchMatMul = (a: tf.Tensor, b: tf.Tensor, transposed: Transposed = {}): tf.Tensor =>
  native('BatchMatMulV2', [a, b], {
    ...float,
    adj_x: attr.bool(transposed.a ?? false),
    adj_y: attr.bool(transposed.b ?? false),
  });

/** Parts `0`, `1` … of the first axis, which goes. */
export const part = (x: tf.Tensor, index: number): tf.Tensor => {
  const rest = x.shape.slice(1);
  const size = [1, ...rest];
  const inputs = [x, ints([index, ...rest.map(() => 0)]), ints(size)];
  return reshape(native('Slice', inputs, { ...float, Index: attr.type('int32') }), rest);
};

/** Tensors of one shape along a new first axis; undoes {@link part}. */
export const stack = (parts: readonly tf.Tensor[]): tf.Tensor =>
  native('Pack', parts, { ...float, N: attr.int(parts.length), axis: attr.int(0) });

/** Rows `from` to `from + count` of a matrix. */
export const rowsOf = (x: tf.Tensor, from: number, count: number): tf.Tensor => {
  const [rows, columns = 1] = x.shape;
  if (rows === count) return x;
  const inputs = [x, ints([from, 0]), ints([count, columns])];
  return native('Slice', inputs, { ...float, Index: attr.type('int32') });
};

/** Matrices below one another; undoes {@link rowsOf}. */
export const below = (parts: readonly tf.Tensor[]): tf.Tensor => {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const attrs = { ...float, N: attr.int(parts.length), Tidx: attr.type('int32') };
  return native('ConcatV2', [...parts, tf.scalar(0, 'int32')], attrs);
};
