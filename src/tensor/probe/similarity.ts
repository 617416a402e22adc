import { numbersOf } from '../numbers-of.js';
import { tf } from '../tf.js';

/** Rows per block of similarities: bounds memory at block x bank floats. */
const block = 256;

/** Scales each row of `x` (n, d) to length 1; a row of zeros stays one. */
export function unitRows(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const largest = tf.max(tf.abs(x), 1, true);
    // Squares of very large or small numbers are none of float32: there the largest becomes 1 first.
    const plain = tf.logicalAnd(tf.greater(largest, 1e-12), tf.less(largest, 1e12));
    const scaled = tf.divNoNan(x, tf.where(plain, tf.onesLike(largest), largest));
    return tf.divNoNan(scaled, tf.sqrt(tf.sum(tf.square(scaled), 1, true)));
  });
}

/**
 * Calls `visit` for each row of `queries` (m, d), in order, with its cosine similarities to all
 * rows of `bank` (n, d). The array is only valid during the call.
 */
export function eachSimilarity(
  queries: tf.Tensor2D,
  bank: tf.Tensor2D,
  visit: (query: number, similarities: Float32Array) => void,
): void {
  const [m, d] = queries.shape;
  const n = bank.shape[0];
  const b = unitRows(bank);
  for (let from = 0; from < m; from += block) {
    const rows = Math.min(block, m - from);
    const values = numbersOf(() => {
      const q = unitRows(tf.slice(queries, [from, 0], [rows, d]));
      return tf.matMul(q, b, false, true); // (rows, n)
    });
    for (let i = 0; i < rows; i++) visit(from + i, values.subarray(i * n, (i + 1) * n));
  }
  b.dispose();
}

/** The `k` nearest rows of `bank` for each query, nearest first; of equals the one that stands first. */
export function nearest(
  queries: tf.Tensor2D,
  bank: tf.Tensor2D,
  k: number,
): { readonly indices: Int32Array; readonly similarities: Float32Array } {
  const [m, d] = queries.shape;
  const indices = new Int32Array(m * k);
  const similarities = new Float32Array(m * k);
  const b = unitRows(bank);
  for (let from = 0; from < m; from += block) {
    const rows = Math.min(block, m - from);
    tf.tidy(() => {
      const q = unitRows(tf.slice(queries, [from, 0], [rows, d]));
      const top = tf.topk(tf.matMul(q, b, false, true), k); // (rows, k)
      indices.set(top.indices.dataSync(), from * k);
      similarities.set(top.values.dataSync(), from * k);
    });
  }
  b.dispose();
  return { indices, similarities };
}
