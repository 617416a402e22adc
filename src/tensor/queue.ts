import { asMatrix } from './as-rank.js';
import { normalWeight } from './layers/init.js';
import { l2Normalise } from './losses/l2-normalise.js';
import type { Rng } from './rng.js';
import { tf } from './tf.js';

/**
 * A queue (m, d) as it starts in MoCo: random normal rows of length 1 (facebookresearch/moco@89d6176
 * moco/builder.py). They are negatives like any other until they are pushed out.
 */
export function randomQueue(rng: Rng, rows: number, d: number): tf.Tensor2D {
  return tf.tidy(() => l2Normalise(asMatrix(normalWeight(rng, 1, [rows, d]))));
}

/**
 * The queue (m, d) after new rows (n, d): these last, the oldest, which stand first, left out. Of more new
 * rows than it holds it keeps the last.
 */
export function enqueued(queue: tf.Tensor2D, rows: tf.Tensor2D): tf.Tensor2D {
  const [held, d] = queue.shape;
  const [n] = rows.shape;
  return tf.tidy(() => {
    if (n >= held) return asMatrix(tf.slice(rows, [n - held, 0], [held, d]));
    return asMatrix(tf.concat([tf.slice(queue, [n, 0], [held - n, d]), rows]));
  });
}

/**
 * What a queue (m, d) is watched by, before the step `step` of steps that each add n rows: `queue_filled`,
 * the share of its rows that were not there at random from the start, and `queue_age`, how many steps ago
 * the oldest of these came.
 */
export function queueWatch(
  queue: tf.Tensor2D,
  n: number,
  step: tf.Scalar,
): { readonly queue_filled: tf.Scalar; readonly queue_age: tf.Scalar } {
  const full = queue.shape[0] / n;
  return {
    queue_filled: tf.minimum(tf.div(step, full), 1),
    queue_age: tf.minimum(step, Math.ceil(full)),
  };
}
