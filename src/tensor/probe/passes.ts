import { permutation } from '../permutation.js';
import { createRng } from '../rng.js';

/**
 * What becomes of the images of an epoch that fill no batch: they are a smaller one (PyTorch's
 * `DataLoader`), are left out (its `drop_last`), or the next epoch fills it up (`repeat().batch()` of `tf.data`).
 */
export type LastBatch = 'smaller' | 'left out' | 'filled';

/** Which images each step sees. */
export interface Passes {
  readonly steps: number;
  /** Steps in an epoch; where epochs fill each other's batches, no whole number. */
  readonly perEpoch: number;
  /** Places of the images of a step, from 0. Steps are asked for in turn. */
  of(step: number): Int32Array;
}

/** What is passed over: `count` images, `batch` at most. */
export interface PassesOver {
  readonly count: number;
  readonly batch: number;
  readonly epochs: number;
  readonly last: LastBatch;
}

/**
 * Passes over images, in each epoch's order. With `filled` there is one step more than fits, as in
 * google-research/simclr@383d414.
 */
export function passesOver(
  { count, batch, epochs, last }: PassesOver,
  order: (epoch: number) => Int32Array,
): Passes {
  const whole = Math.floor(count / batch);
  if (last === 'filled') {
    return {
      steps: Math.floor((count * epochs) / batch) + 1,
      perEpoch: count / batch,
      of: (step) =>
        Int32Array.from({ length: batch }, (_, i) => {
          const at = step * batch + i;
          return order(Math.floor(at / count))[at % count] ?? 0;
        }),
    };
  }
  const perEpoch = last === 'smaller' ? Math.ceil(count / batch) : whole;
  return {
    steps: epochs * perEpoch,
    perEpoch,
    of(step) {
      const from = (step % perEpoch) * batch;
      return order(Math.floor(step / perEpoch)).slice(from, from + batch);
    },
  };
}

/** A new order of images in each epoch, which follows from the seed and the epoch; the last two are kept. */
export function ordersOf(seed: number, count: number): (epoch: number) => Int32Array {
  const orders = new Map<number, Int32Array>();
  return (epoch) => {
    const known = orders.get(epoch);
    if (known) return known;
    const order = permutation(createRng(seed, 'order', epoch), count);
    orders.delete(epoch - 2);
    orders.set(epoch, order);
    return order;
  };
}
