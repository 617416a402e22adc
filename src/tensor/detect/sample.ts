import { tf } from '../tf.js';

/** Boxes that a loss is taken over. */
export interface Sample {
  /** (b, n): 1 for those that are taken. */
  readonly mask: tf.Tensor2D;
  /** (b, count), int32: their places, those that stand for objects first; what is missing fills up behind. */
  readonly rows: tf.Tensor2D;
  /** (b, count): 1 for a place that is one. */
  readonly there: tf.Tensor2D;
}

/**
 * Draws `count` boxes of each image, at most the share `positive` of them such as stand for objects
 * (`label` 1), the rest such as stand for none (0); fewer where there are fewer. `keys` (b, n), uniform in
 * [0, 1), draw them: the largest are taken.
 */
export function sampleBoxes(
  label: tf.Tensor2D,
  keys: tf.Tensor2D,
  { count, positive }: { readonly count: number; readonly positive: number },
): Sample {
  const [n = 0, most] = [label.shape[1], Math.floor(count * positive)];
  const [mask, rows, there] = tf.tidy(() => {
    const isObject = tf.cast(tf.equal(label, 1), 'float32');
    const isNone = tf.cast(tf.equal(label, 0), 'float32');
    // Keys of objects from 1 on, so that the largest are the objects'.
    const ranked = tf.mul(tf.add(keys, 1), isObject);
    const least = tf.slice(tf.topk(ranked, Math.min(most, n)).values, [0, Math.min(most, n) - 1]);
    const taken = tf.mul(isObject, tf.cast(tf.greaterEqual(ranked, least), 'float32'));
    const order = tf.add(tf.mul(taken, tf.add(keys, 2)), tf.mul(isNone, tf.add(keys, 1)));
    const { values, indices } = tf.topk(order, Math.min(count, n));
    const last = tf.maximum(tf.slice(values, [0, Math.min(count, n) - 1]), 1);
    const short = Math.max(0, count - n);
    return [
      tf.cast(tf.greaterEqual(order, last), 'float32') as tf.Tensor2D,
      tf.pad(indices, [[0, 0], [0, short]]) as tf.Tensor2D, // biome-ignore format: as a matrix
      tf.pad(tf.cast(tf.greaterEqual(values, 1), 'float32'), [[0, 0], [0, short]]) as tf.Tensor2D, // biome-ignore format: as a matrix
    ] as const;
  });
  return { mask, rows, there };
}
