import { asMatrix } from '../as-rank.js';
import { tf } from '../tf.js';
import { gridOf } from './patches.js';

/** Images of as many tokens each, which follow one another as rows. */
export interface TokenGroup {
  readonly images: number;
  /** Of each image. */
  readonly tokens: number;
}

/** The tokens that images of a size become, the class token among them. */
export function groupOf(x: tf.Tensor4D, patch: number): TokenGroup {
  const [images, height, width] = x.shape;
  const [rows, columns] = gridOf(height, width, patch);
  return { images, tokens: 1 + rows * columns };
}

/** Matrices below one another. */
export const stacked = (parts: readonly tf.Tensor2D[]): tf.Tensor2D => {
  const [only] = parts;
  return parts.length === 1 && only ? only : asMatrix(tf.concat([...parts]));
};

/** The first token of each image, (images, d). */
export function classTokens(tokens: tf.Tensor2D, groups: readonly TokenGroup[]): tf.Tensor2D {
  const width = tokens.shape[1];
  let from = 0;
  const firsts = groups.map(({ images, tokens: each }) => {
    const count = images * each;
    const rows = groups.length === 1 ? tokens : tf.slice(tokens, [from, 0], [count, width]);
    from += count;
    const first = tf.slice(tf.reshape(rows, [images, each, width]), [0, 0, 0], [-1, 1, width]);
    return tf.reshape<tf.Rank.R2>(first, [images, width]);
  });
  return stacked(firsts);
}
