import type { TensorMetadata, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { attrKind, nativeBackend, tfType } from '../native.js';

/**
 * Results for ops of a traced step whose values nobody will see: of the right shape, with any numbers.
 * All of one shape share their memory, so that a trace needs neither the time nor the memory of a step.
 */
export interface StandIns {
  /** Runs an op of which the signature says all that its results' shapes depend on; only the first of its kind. */
  run(signature: string, execute: () => TensorMetadata[]): TensorMetadata[];
  dispose(): void;
}

/** Smaller results are computed: numbers that choose an index, say, which have to be right. */
const enough = 4096;

/** No stand-ins yet: they are made of the first results of each shape. */
export function createStandIns(): StandIns {
  const { binding } = nativeBackend();
  // What ops of a signature give, if they may be stood in for.
  const known = new Map<string, readonly string[]>();
  // One tensor of each shape.
  const pool = new Map<string, number>();
  const standIn = (shape: string): TensorMetadata[] => {
    const id = pool.get(shape);
    return id === undefined ? [] : sameMemory(binding, id);
  };
  return {
    run(signature, execute) {
      const shapes = known.get(signature);
      if (shapes !== undefined) return shapes.flatMap(standIn);
      const results = execute();
      if (!results.every(({ dtype }) => dtype === tfType.float32)) return results;
      if (!results.some(({ shape }) => sizeOf(shape) >= enough)) return results;
      const found = results.map(({ shape }) => shape.join());
      known.set(signature, found);
      results.forEach(({ id }, index) => {
        const shape = found[index] ?? '';
        if (pool.has(shape)) binding.deleteTensor(id);
        else pool.set(shape, id);
      });
      return found.flatMap(standIn);
    },
    dispose() {
      for (const id of pool.values()) binding.deleteTensor(id);
      pool.clear();
      known.clear();
    },
  };
}

function sameMemory(binding: TFJSBinding, id: number): TensorMetadata[] {
  const T = { name: 'T', type: attrKind.type, value: tfType.float32 };
  return binding.executeOp('Identity', [T], [id], 1);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
