import { type NamedTensors, pick } from './named-tensors.js';
import { tf } from './tf.js';

/**
 * Computes what no gradient flows through, as a teacher's targets. Nothing in it is kept for a backward
 * pass: its activations are freed at once.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  const op = tf.customGrad<T>(() => ({ value: compute(), gradFunc: () => [] }));
  return op();
}

/** The same for several tensors by name, as a teacher's targets and its new statistics. */
export function allWithoutGradient<T extends NamedTensors>(compute: () => T): T {
  let kept: NamedTensors = {};
  const names: string[] = [];
  const signal = withoutGradient(() => {
    const made = compute();
    names.push(...Object.keys(made));
    // Copies of the handles: what is made inside is freed behind it.
    kept = Object.fromEntries(names.map((name) => [name, tf.keep(tf.clone(pick(made, name)))]));
    return tf.scalar(0);
  });
  signal.dispose();
  // Handles that the caller's tidy frees.
  const results = Object.fromEntries(
    names.map((name) => [name, withoutGradient(() => tf.clone(pick(kept, name)))]),
  );
  tf.dispose(kept);
  return results as T; // the same names
}
