import { invariant } from '../../base/errors.js';
import { permutation } from '../permutation.js';
import { createRng } from '../rng.js';

/** Which items each step sees. */
export interface Batches {
  /** Steps in an epoch: the last incomplete batch is left out. */
  readonly perEpoch: number;
  /** The items (batch) of a step, which counts from 0 through all epochs. */
  of(step: number): Int32Array;
}

/** Batches of `count` items, in a new random order each epoch that follows from the seed and the epoch alone. */
export function batchesOf(seed: number, count: number, batch: number): Batches {
  const perEpoch = Math.floor(count / batch);
  let last: { readonly epoch: number; readonly order: Int32Array } | undefined;
  return {
    perEpoch,
    of(step) {
      invariant(perEpoch > 0, `${count} items make no batch of ${batch}`);
      const epoch = Math.floor(step / perEpoch);
      if (last?.epoch !== epoch) {
        last = { epoch, order: permutation(createRng(seed, 'order', epoch), count) };
      }
      const from = (step % perEpoch) * batch;
      return last.order.slice(from, from + batch);
    },
  };
}
