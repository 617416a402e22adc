import { invariant } from '../base/errors.js';
import { attr, type NativeAttrs, nativeBackend, tfType } from './native.js';

/** How many bits of a number there are; tfjs has no float64. */
export type Precision = 'float32' | 'float64';

/** Numbers in JavaScript. */
export type Floats = Float32Array | Float64Array;

/** As many zeros, in the array that holds a precision. */
export const zeros = (precision: Precision, length: number): Floats =>
  precision === 'float32' ? new Float32Array(length) : new Float64Array(length);

/** An array of such numbers inside TensorFlow. */
export interface FloatTensor {
  readonly id: number;
  readonly shape: readonly number[];
}

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
  const made: number[] = [];
  try {
    return work(opsIn(precision, made));
  } finally {
    const { binding } = nativeBackend();
    for (const id of made) binding.deleteTensor(id);
  }
}

/** Notes in `made` what they make. */
function opsIn(precision: Precision, made: number[]): FloatOps {
  const { binding } = nativeBackend();
  const execute = (op: string, inputs: readonly number[], attrs: NativeAttrs, outputs = 1) => {
    const list = Object.entries(attrs).map(([name, { type, value }]) => ({ name, type, value }));
    const results = binding.executeOp(op, list, [...inputs], outputs);
    made.push(...results.map(({ id }) => id));
    const [first, second = first] = results;
    invariant(first && second && results.length === outputs, `${op} has ${outputs} outputs`);
    return [first, second] as const;
  };
  const bitcast = (id: number, from: Precision | 'int32', to: Precision | 'int32') =>
    execute('Bitcast', [id], { T: attr.type(from), type: attr.type(to) })[0];
  const create = (
    shape: number[],
    type: 'float32' | 'int32',
    values: Float32Array | Int32Array,
  ) => {
    const id = binding.createTensor(shape, tfType[type], values);
    made.push(id);
    return { id, shape };
  };
  const T = attr.type(precision);
  const ids = (tensors: readonly FloatTensor[]) => tensors.map(({ id }) => id);
  // Float64 passes to and from JavaScript as the pairs of int32 that it consists of: no bit is lost.
  const passed: Pick<FloatOps, 'of' | 'read'> =
    precision === 'float32'
      ? {
          of: (values, ...shape) =>
            create(
              [...shape],
              'float32',
              values instanceof Float32Array ? values : new Float32Array(values),
            ),
          read: ({ id }) => new Float64Array(binding.tensorDataSync(id)),
        }
      : {
          of(values, ...shape) {
            const { buffer, byteOffset, length } =
              values instanceof Float64Array ? values : new Float64Array(values);
            const pairs = new Int32Array(buffer, byteOffset, 2 * length);
            return bitcast(create([...shape, 2], 'int32', pairs).id, 'int32', 'float64');
          },
          read: ({ id }) =>
            new Float64Array(
              binding.tensorDataSync(bitcast(id, 'float64', 'int32').id).slice().buffer,
            ),
        };
  return {
    ...passed,
    run: (op, inputs, attrs) => execute(op, ids(inputs), { T, ...attrs })[0],
    runTwo: (op, inputs, attrs) => execute(op, ids(inputs), { T, ...attrs }, 2),
    beside(matrices) {
      const [only] = matrices;
      if (only && matrices.length === 1) return only;
      const axis = create([], 'int32', Int32Array.of(1));
      const attrs = { T, Tidx: attr.type('int32'), N: attr.int(matrices.length) };
      return execute('ConcatV2', ids([...matrices, axis]), attrs)[0];
    },
    free(tensors) {
      for (const { id } of tensors) {
        made.splice(made.indexOf(id), 1);
        binding.deleteTensor(id);
      }
    },
    freeAll() {
      for (const id of made.splice(0)) binding.deleteTensor(id);
    },
    from: ({ id }, other) =>
      execute('Cast', [id], { SrcT: attr.type(other), DstT: attr.type(precision) })[0],
    as: (other) => opsIn(other, made),
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
