import { tf } from './tf.js';

/**
 * Computes what no gradient flows through, as a teacher's targets. Nothing in it is kept for a backward
 * pass: its activations are freed at once.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  const op = tf.customGrad<T>(() => ({ value: compute(), gradFunc: () => [] }));
  return op();
}
