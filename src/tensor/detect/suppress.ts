import { asVector } from '../as-rank.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

/** What is left of boxes. */
export interface Kept {
  /** (most), int32: places of those that are kept, the highest score first; 0 behind them. */
  readonly rows: tf.Tensor1D;
  /** (most): 1 for a place that is one. */
  readonly there: tf.Tensor1D;
}

const attrs = {
  T: attr.type('float32'),
  T_threshold: attr.type('float32'),
  pad_to_max_output_size: attr.bool(true),
};

/**
 * Non-maximum suppression: of boxes (n, 4) that overlap by more than `overlap`, those with the highest of
 * `scores` (n), up to `most`; of equal scores the first. Boxes of score -Infinity are out. No gradient
 * flows through it.
 */
export function suppress(
  boxes: tf.Tensor2D,
  scores: tf.Tensor1D,
  { overlap, most }: { readonly overlap: number; readonly most: number },
): Kept {
  const [rows, there] = tf.tidy(() => {
    const inputs = [
      boxes,
      scores,
      tf.scalar(most, 'int32'),
      tf.scalar(overlap),
      tf.scalar(Number.NEGATIVE_INFINITY),
    ];
    const [places, count] = native('NonMaxSuppressionV4', inputs, attrs, 2);
    const isThere = tf.less(tf.range(0, most, 1, 'int32'), count);
    return [asVector(places), asVector(tf.cast(isThere, 'float32'))] as const;
  });
  return { rows, there };
}
