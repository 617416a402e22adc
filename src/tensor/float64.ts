import { invariant } from '../base/errors.js';
import { attr, type NativeAttrs, nativeBackend, tfType } from './native.js';

/** An array of float64 inside TensorFlow, a type that tfjs does not have. */
export interface Float64Tensor {
  readonly id: number;
  readonly shape: readonly number[];
}

/** Native ops on float64. What they make lives until the work of {@link inFloat64} ends. */
export interface Float64Ops {
  /** An array of this shape, from its values row by row. */
  of(values: Float64Array, ...shape: readonly number[]): Float64Tensor;
  /** One op by name, of one output; its attribute `T` is float64. */
  run(op: string, inputs: readonly Float64Tensor[], attrs?: NativeAttrs): Float64Tensor;
  /** The same for an op of two outputs. */
  runTwo(
    op: string,
    inputs: readonly Float64Tensor[],
    attrs?: NativeAttrs,
  ): readonly [Float64Tensor, Float64Tensor];
  read(tensor: Float64Tensor): Float64Array;
}

/**
 * Calculates in float64 where TensorFlow runs, and frees all that the work made. Values pass to and
 * from JavaScript as the pairs of int32 that they consist of, so not a bit is lost.
 */
export function inFloat64<Result>(work: (ops: Float64Ops) => Result): Result {
  const { binding } = nativeBackend();
  const made: number[] = [];
  const execute = (op: string, inputs: readonly number[], attrs: NativeAttrs, outputs = 1) => {
    const list = Object.entries(attrs).map(([name, { type, value }]) => ({ name, type, value }));
    const results = binding.executeOp(op, list, [...inputs], outputs);
    made.push(...results.map(({ id }) => id));
    const [first, second = first] = results;
    invariant(first && second && results.length === outputs, `${op} has ${outputs} outputs`);
    return [first, second] as const;
  };
  const bitcast = (id: number, from: 'float64' | 'int32', to: 'float64' | 'int32') =>
    execute('Bitcast', [id], { T: attr.type(from), type: attr.type(to) })[0];
  const T = attr.type('float64');
  const ids = (tensors: readonly Float64Tensor[]) => tensors.map(({ id }) => id);
  const ops: Float64Ops = {
    of(values, ...shape) {
      const { buffer, byteOffset, length } = values;
      const pairs = new Int32Array(buffer, byteOffset, 2 * length);
      const id = binding.createTensor([...shape, 2], tfType.int32, pairs);
      made.push(id);
      return bitcast(id, 'int32', 'float64');
    },
    run: (op, inputs, attrs) => execute(op, ids(inputs), { T, ...attrs })[0],
    runTwo: (op, inputs, attrs) => execute(op, ids(inputs), { T, ...attrs }, 2),
    read(tensor) {
      const pairs = binding.tensorDataSync(bitcast(tensor.id, 'float64', 'int32').id);
      return new Float64Array(pairs.slice().buffer);
    },
  };
  try {
    return work(ops);
  } finally {
    for (const id of made) binding.deleteTensor(id);
  }
}

/** The matrix product `a b`, or with `ofColumns` `aᵀ b`. */
export function float64Product(
  ops: Float64Ops,
  a: Float64Tensor,
  b: Float64Tensor,
  { ofColumns = false } = {},
): Float64Tensor {
  const attrs = { transpose_a: attr.bool(ofColumns), transpose_b: attr.bool(false) };
  return ops.run('MatMul', [a, b], attrs);
}
