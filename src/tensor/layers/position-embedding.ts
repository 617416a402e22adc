import { asRank3 } from '../as-rank.js';
import { tf } from '../tf.js';

/** Patches in height and in width. */
export type Grid = readonly [number, number];

/**
 * The embedding of positions (1, 1 + side x side, d), class token first, for another grid of patches:
 * (1, 1 + h x w, d), by bicubic interpolation exactly as in DINO (facebookresearch/dino@7c446df
 * vision_transformer.py, interpolate_pos_encoding): torch's kernel (a = -0.75) without antialiasing, at
 * a scale of side / (h + 0.1), not side / h. timm's resample_abs_pos_embed filters otherwise (a = -0.5,
 * antialiased).
 */
export function positionsFor(embedding: tf.Tensor3D, [height, width]: Grid): tf.Tensor3D {
  const [, tokens, d] = embedding.shape;
  const side = Math.sqrt(tokens - 1);
  if (height === side && width === side) return embedding;
  const first = tf.slice(embedding, [0, 0, 0], [1, 1, d]);
  const grid = tf.reshape<tf.Rank.R2>(tf.slice(embedding, [0, 1, 0], [1, side * side, d]), [
    side * side,
    d,
  ]);
  const weights = resampling(side, [height, width]);
  const resampled = tf.reshape(tf.matMul(weights, grid), [1, height * width, d]);
  return asRank3(tf.concat([first, resampled], 1));
}

/** Share of each old position (columns) in each new one (rows). */
function resampling(side: number, [height, width]: Grid): tf.Tensor2D {
  const [rows, columns] = [bicubic(side, height), bicubic(side, width)];
  const values = rows.flatMap((row) =>
    columns.flatMap((column) => row.flatMap((a) => column.map((b) => a * b))),
  );
  return tf.tensor2d(values, [height * width, side * side]);
}

/** For each of `to` new places, the share of each of `from` old ones; past an end it is the last one. */
function bicubic(from: number, to: number): number[][] {
  const scale = from / (to + 0.1);
  return Array.from({ length: to }, (_, index) => {
    const place = (index + 0.5) * scale - 0.5;
    const shares = new Array<number>(from).fill(0);
    for (let tap = Math.floor(place) - 1; tap <= Math.floor(place) + 2; tap++) {
      const at = Math.min(Math.max(tap, 0), from - 1);
      shares[at] = (shares[at] ?? 0) + cubic(Math.abs(place - tap));
    }
    return shares;
  });
}

/** Keys' cubic convolution with a = -0.75, at a distance below 2. */
function cubic(x: number): number {
  const a = -0.75;
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}
