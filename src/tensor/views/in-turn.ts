import { tf } from '../tf.js';

/**
 * Applies steps one after the other, and frees what lies between at once: memory that was just
 * used is written to faster than fresh memory.
 */
export function inTurn<T extends tf.Tensor>(input: T, steps: readonly ((x: T) => T)[]): T {
  return steps.reduce((now, step) => {
    const next = tf.tidy(() => step(now));
    if (now !== input && now !== next) now.dispose();
    return next;
  }, input);
}
