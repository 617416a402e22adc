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
  /** Of this epoch and the one before it: what is read ahead may be of the next. */
  const orders = new Map<number, Int32Array>();
  const orderOf = (epoch: number): Int32Array => {
    const known = orders.get(epoch);
    if (known) return known;
    const order = permutation(createRng(seed, 'order', epoch), count);
    for (const other of orders.keys()) if (Math.abs(other - epoch) > 1) orders.delete(other);
    orders.set(epoch, order);
    return order;
  };
  return {
    perEpoch,
    of(step) {
      invariant(perEpoch > 0, `${count} items make no batch of ${batch}`);
      const from = (step % perEpoch) * batch;
      return orderOf(Math.floor(step / perEpoch)).slice(from, from + batch);
    },
  };
}
