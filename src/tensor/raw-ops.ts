import { invariant } from '../base/errors.js';
import { type NativeAttrs, nativeBackend, type TfType, tfType } from './native.js';

/** An array inside TensorFlow of which TensorFlow.js does not know. */
export interface RawTensor {
  readonly id: number;
  readonly shape: readonly number[];
}

type Values = Float32Array | Int32Array | readonly Uint8Array[];

/** Native ops without what TensorFlow.js notes of each tensor, which many small ones would wait for. */
export interface RawOps {
  create(shape: readonly number[], type: TfType, values: Values): RawTensor;
  /** One op by name; `outputs` must be its number of outputs. */
  execute(
    op: string,
    inputs: readonly RawTensor[],
    attrs: NativeAttrs,
    outputs?: number,
  ): readonly RawTensor[];
  /** Values of a type that JavaScript has arrays of. */
  read(tensor: RawTensor): Float32Array | Int32Array | Uint8Array;
  /** Ends the life of tensors. */
  free(tensors: readonly RawTensor[]): void;
  freeAll(): void;
}

/** Frees all that the work made. */
export function withRawOps<Result>(work: (ops: RawOps) => Result): Result {
  const ops = rawOps();
  try {
    return work(ops);
  } finally {
    ops.freeAll();
  }
}

/** Native ops whose tensors live until they are freed. */
function rawOps(): RawOps {
  const { binding } = nativeBackend();
  const made: number[] = [];
  return {
    create(shape, type, values) {
      const id = binding.createTensor([...shape], tfType[type], values as Float32Array);
      made.push(id);
      return { id, shape };
    },
    execute(op, inputs, attrs, outputs = 1) {
      const list = Object.entries(attrs).map(([name, { type, value }]) => ({ name, type, value }));
      const ids = inputs.map(({ id }) => id);
      const results = binding.executeOp(op, list, ids, outputs);
      made.push(...results.map(({ id }) => id));
      invariant(results.length === outputs, `${op} has ${outputs} outputs`);
      return results;
    },
    read: ({ id }) => binding.tensorDataSync(id),
    free(tensors) {
      for (const { id } of tensors) {
        made.splice(made.indexOf(id), 1);
        binding.deleteTensor(id);
      }
    },
    freeAll() {
      for (const id of made.splice(0)) binding.deleteTensor(id);
    },
  };
}
