import { tf } from '../tf.js';
import { comparedTo } from './narrow-cone.js';
import { nearest } from './similarity.js';

export interface Vote {
  /** Features (n, d) of the labelled images, and the number of each one's class. */
  readonly bank: Float32Array;
  readonly labels: Int32Array;
  /** Features (m, d) of the images to classify. */
  readonly queries: Float32Array;
  /** The images to classify are those of the bank, in its order: none is its own neighbour. */
  readonly themselves?: boolean;
  readonly d: number;
  readonly classes: number;
  /** Neighbours that vote; at most n, or n - 1 where an image would be its own. */
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
  const { bank, labels, queries, themselves = false, d, classes, k, temperature } = vote;
  const m = queries.length / d;
  const asking = tf.tensor2d(queries, [m, d]);
  const known = tf.tensor2d(bank, [labels.length, d]);
  const compared = comparedTo(known);
  const found = themselves ? k + 1 : k;
  const { indices, likenesses } = nearest(asking, compared, found);
  compared.dispose();
  tf.dispose([asking, known]);
  return Int32Array.from({ length: m }, (_, query) => {
    const all = Array.from({ length: found }, (_, i) => query * found + i);
    const voters = all.filter((i) => !themselves || indices[i] !== query).slice(0, k);
    const best = likenesses[voters[0] ?? 0] ?? 0;
    const sums = new Float64Array(classes);
    for (const i of voters) {
      const label = labels[indices[i] ?? 0] ?? 0;
      // Relative to the nearest, whose vote is 1: no temperature takes all votes away.
      const weight = Math.exp(((likenesses[i] ?? 0) - best) / temperature);
      sums[label] = (sums[label] ?? 0) + weight;
    }
    return sums.indexOf(sums.reduce((most, sum) => Math.max(most, sum), 0));
  });
}
