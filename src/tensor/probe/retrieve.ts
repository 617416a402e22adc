import { tf } from '../tf.js';
import { eachSimilarity } from './similarity.js';

export interface Retrieval {
  /** Features (n, d), row by row. */
  readonly features: Float32Array;
  readonly d: number;
  /** The number of each item's class. */
  readonly labels: Int32Array;
  /** The number of each item's group; items of one group are no candidates for each other. */
  readonly groups: Int32Array;
}

/** How retrieval went. */
export interface Retrieved {
  /** Items (m) that could be answered rightly: those with an item of their class in another group. */
  readonly asked: Int32Array;
  /** Class (m) of the most similar candidate of each of them. */
  readonly predictions: Int32Array;
}

/**
 * For each item that has an item of its class in another group: is the most similar item (cosine)
 * of all other groups one of its class? Of equally similar items the one that stands first counts.
 */
export function retrieveAcross({ features, d, labels, groups }: Retrieval): Retrieved {
  const n = labels.length;
  const answerable = (item: number): boolean =>
    labels.some((label, other) => label === labels[item] && groups[other] !== groups[item]);
  const asked: number[] = [];
  const predictions: number[] = [];
  const x = tf.tensor2d(features, [n, d]);
  eachSimilarity(x, x, (item, similarities) => {
    if (!answerable(item)) return;
    let best = -1;
    for (let other = 0; other < n; other++) {
      if (groups[other] === groups[item]) continue;
      if (best < 0 || (similarities[other] ?? 0) > (similarities[best] ?? 0)) best = other;
    }
    asked.push(item);
    predictions.push(labels[best] ?? -1);
  });
  x.dispose();
  return { asked: Int32Array.from(asked), predictions: Int32Array.from(predictions) };
}
