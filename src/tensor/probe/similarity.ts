import { numbersOf } from '../numbers-of.js';
import { tf } from '../tf.js';
import { type Compared, comparedTo } from './narrow-cone.js';

/** Rows per block of similarities: bounds memory at block x bank floats. */
const block = 256;

/**
 * Calls `visit` for each row of `queries` (m, d), in order, with its likenesses to all rows of `bank` (n, d), which order
 * them as cosines do. The array is only valid during the call.
 */
export function eachLikeness(
  queries: tf.Tensor2D,
  bank: tf.Tensor2D,
  visit: (query: number, likenesses: Float32Array) => void,
): void {
  const [m, d] = queries.shape;
  const n = bank.shape[0];
  const compared = comparedTo(bank);
  for (let from = 0; from < m; from += block) {
    const rows = Math.min(block, m - from);
    const values = numbersOf(() => {
      const q = compared.queriesOf(tf.slice(queries, [from, 0], [rows, d]));
      return tf.matMul(q, compared.bank, false, true); // (rows, n)
    });
    for (let i = 0; i < rows; i++) visit(from + i, values.subarray(i * n, (i + 1) * n));
  }
  compared.dispose();
}

/**
 * The `k` nearest rows of a bank for each query (m, d), nearest first, and how like each is (m, k); of equals the one that
 * stands first.
 */
export function nearest(
  queries: tf.Tensor2D,
  { bank, queriesOf }: Compared,
  k: number,
): { readonly indices: Int32Array; readonly likenesses: Float32Array } {
  const [m, d] = queries.shape;
  const indices = new Int32Array(m * k);
  const likenesses = new Float32Array(m * k);
  for (let from = 0; from < m; from += block) {
    const rows = Math.min(block, m - from);
    tf.tidy(() => {
      const q = queriesOf(tf.slice(queries, [from, 0], [rows, d]));
      const top = tf.topk(tf.matMul(q, bank, false, true), k); // (rows, k)
      indices.set(top.indices.dataSync(), from * k);
      likenesses.set(top.values.dataSync(), from * k);
    });
  }
  return { indices, likenesses };
}
