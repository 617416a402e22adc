import { nearest } from './similarity.js';
import { tf } from './tf.js';

export interface Vote {
  /** Features (n, d) of the labelled images, and the number of each one's class. */
  readonly bank: Float32Array;
  readonly labels: Int32Array;
  /** Features (m, d) of the images to classify. */
  readonly queries: Float32Array;
  readonly d: number;
  readonly classes: number;
  /** Neighbours that vote; at most n. */
  readonly k: number;
  readonly temperature: number;
}

/**
 * The class of each query (m) by its `k` nearest labelled images: cosine similarity, each vote
 * weighted by exp(similarity / temperature); of equal sums the class that stands first.
 *
 * Source: facebookresearch/dino@7c446df eval_knn.py, knn_classifier.
 */
export function voteOfNeighbours(vote: Vote): Int32Array {
  const { bank, labels, queries, d, classes, k, temperature } = vote;
  const m = queries.length / d;
  const given = [tf.tensor2d(queries, [m, d]), tf.tensor2d(bank, [labels.length, d])] as const;
  const { indices, similarities } = nearest(...given, k);
  tf.dispose([...given]);
  return Int32Array.from({ length: m }, (_, query) => {
    const sums = new Float64Array(classes);
    for (let i = query * k; i < (query + 1) * k; i++) {
      const label = labels[indices[i] ?? 0] ?? 0;
      // Relative to the largest possible similarity, so that a low temperature cannot overflow.
      const weight = Math.exp(((similarities[i] ?? 0) - 1) / temperature);
      sums[label] = (sums[label] ?? 0) + weight;
    }
    return sums.indexOf(Math.max(...sums));
  });
}
