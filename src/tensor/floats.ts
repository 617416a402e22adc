import { invariant } from '../base/errors.js';
import { attr, type NativeAttrs } from './native.js';
import { type RawOps, type RawTensor, withRawOps } from './raw-ops.js';

/** How many bits of a number there are; tfjs has no float64. */
export type Precision = 'float32' | 'float64';

/** Numbers in JavaScript. */
export type Floats = Float32Array | Float64Array;

/** As many zeros, in the array that holds a precision. */
export const zeros = (precision: Precision, length: number): Floats =>
  precision === 'float32' ? new Float32Array(length) : new Float64Array(length);

/** An array of such numbers inside TensorFlow. */
export type FloatTensor = RawTensor;

/** Native ops in one precision. What they make lives until the work of {@link inFloat64} ends. */
export interface FloatOps {
  /** An array of this shape, from its values row by row. */
  of(values: Floats, ...shape: readonly number[]): FloatTensor;
  /** One op by name, of one output; its attribute `T` is the precision. */
  run(op: string, inputs: readonly FloatTensor[], attrs?: NativeAttrs): FloatTensor;
  /** The same for an op of two outputs. */
  runTwo(
    op: string,
    inputs: readonly FloatTensor[],
    attrs?: NativeAttrs,
  ): readonly [FloatTensor, FloatTensor];
  /** Matrices of as many rows beside each other. */
  beside(matrices: readonly FloatTensor[]): FloatTensor;
  read(tensor: FloatTensor): Float64Array;
  /** Ends the life of tensors of these ops before its time. */
  free(tensors: readonly FloatTensor[]): void;
  /** The same for all that these ops have made. */
  freeAll(): void;
  /** The same numbers of another precision in this one. */
  from(tensor: FloatTensor, precision: Precision): FloatTensor;
  /** The same ops in another precision; what they make lives as long. */
  as(precision: Precision): FloatOps;
}

/** Calculates in float64 where TensorFlow runs, and frees all that the work made. */
export function inFloat64<Result>(work: (ops: FloatOps) => Result): Result {
  return inFloats('float64', work);
}

/** {@link inFloat64} in a precision. */
export function inFloats<Result>(precision: Precision, work: (ops: FloatOps) => Result): Result {
  return withRawOps((raw) => work(opsIn(precision, raw)));
}

function opsIn(precision: Precision, raw: RawOps): FloatOps {
  const execute = (op: string, inputs: readonly FloatTensor[], attrs: NativeAttrs, outputs = 1) => {
    const [first, second = first] = raw.execute(op, inputs, attrs, outputs);
    invariant(first && second, `${op} has outputs`);
    return [first, second] as const;
  };
  const bitcast = (tensor: FloatTensor, from: Precision | 'int32', to: Precision | 'int32') =>
    execute('Bitcast', [tensor], { T: attr.type(from), type: attr.type(to) })[0];
  const T = attr.type(precision);
  // Float64 passes to and from JavaScript as the pairs of int32 that it consists of: no bit is lost.
  const passed: Pick<FloatOps, 'of' | 'read'> =
    precision === 'float32'
      ? {
          of: (values, ...shape) =>
            raw.create(
              shape,
              'float32',
              values instanceof Float32Array ? values : new Float32Array(values),
            ),
          read: (tensor) => new Float64Array(raw.read(tensor)),
        }
      : {
          of(values, ...shape) {
            const { buffer, byteOffset, length } =
              values instanceof Float64Array ? values : new Float64Array(values);
            const pairs = new Int32Array(buffer, byteOffset, 2 * length);
            return bitcast(raw.create([...shape, 2], 'int32', pairs), 'int32', 'float64');
          },
          read: (tensor) =>
            new Float64Array(raw.read(bitcast(tensor, 'float64', 'int32')).slice().buffer),
        };
  return {
    ...passed,
    run: (op, inputs, attrs) => execute(op, inputs, { T, ...attrs })[0],
    runTwo: (op, inputs, attrs) => execute(op, inputs, { T, ...attrs }, 2),
    beside(matrices) {
      const [only] = matrices;
      if (only && matrices.length === 1) return only;
      const axis = raw.create([], 'int32', Int32Array.of(1));
      const attrs = { T, Tidx: attr.type('int32'), N: attr.int(matrices.length) };
      return execute('ConcatV2', [...matrices, axis], attrs)[0];
    },
    free: raw.free,
    freeAll: raw.freeAll,
    from: (tensor, other) =>
      execute('Cast', [tensor], { SrcT: attr.type(other), DstT: attr.type(precision) })[0],
    as: (other) => opsIn(other, raw),
  };
}

/** The matrix product `a b`, or with `ofColumns` `aᵀ b`. */
export function floatProduct(
  ops: FloatOps,
  a: FloatTensor,
  b: FloatTensor,
  { ofColumns = false } = {},
): FloatTensor {
  const attrs = { transpose_a: attr.bool(ofColumns), transpose_b: attr.bool(false) };
  return ops.run('MatMul', [a, b], attrs);
}
