import { tf } from '../tf.js';
import { eachLikeness } from './similarity.js';

export interface Retrieval {
  /** Features (n, d), row by row. */
  readonly features: Float32Array;
  readonly d: number;
  /** The number of each item's class. */
  readonly labels: Int32Array;
  /** The number of each item's group; items of one group are no candidates for each other. */
  readonly groups: Int32Array;
}

/** How retrieval went: of each item that could be answered rightly, which is one with an item of its class in another group. */
export interface Retrieved {
  /** Items (m). */
  readonly asked: Int32Array;
  /** Class (m) of the most similar candidate. */
  readonly predictions: Int32Array;
  /** Place (m) of the first candidate of its class among the most similar, from 1. */
  readonly first: Int32Array;
  /** Average precision (m) of the candidates in the order of their similarity. */
  readonly precision: Float64Array;
  /** Share (m) of the item's class among the r most similar candidates, where r candidates are of its class. */
  readonly ofClass: Float64Array;
}

/**
 * For each item that has an item of its class in another group: all items of other groups in the order of their
 * similarity (cosine), of equals the one that stands first.
 */
export function retrieveAcross({ features, d, labels, groups }: Retrieval): Retrieved {
  const n = labels.length;
  const asked: number[] = [];
  const predictions: number[] = [];
  const first: number[] = [];
  const precision: number[] = [];
  const ofClass: number[] = [];
  const x = tf.tensor2d(features, [n, d]);
  eachLikeness(x, x, (item, likenesses) => {
    const isBefore = (a: number, b: number): boolean => {
      const [one, other] = [likenesses[a] ?? 0, likenesses[b] ?? 0];
      return one > other || (one === other && a < b);
    };
    const relevant: number[] = [];
    let best = -1;
    for (let other = 0; other < n; other++) {
      if (groups[other] === groups[item]) continue;
      if (best < 0 || isBefore(other, best)) best = other;
      if (labels[other] === labels[item]) relevant.push(other);
    }
    const r = relevant.length;
    if (r === 0) return;
    relevant.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    // How many others stand before each of them, and not before the one above it.
    const between = new Int32Array(r + 1);
    for (let other = 0; other < n; other++) {
      if (groups[other] === groups[item] || labels[other] === labels[item]) continue;
      const place = firstPlace(r, (at) => isBefore(other, relevant[at] ?? 0));
      between[place] = (between[place] ?? 0) + 1;
    }
    let [above, sum, among, earliest] = [0, 0, 0, 0];
    for (let at = 0; at < r; at++) {
      above += between[at] ?? 0;
      const rank = above + at + 1;
      sum += (at + 1) / rank;
      if (rank <= r) among += 1;
      if (at === 0) earliest = rank;
    }
    asked.push(item);
    predictions.push(labels[best] ?? -1);
    first.push(earliest);
    precision.push(sum / r);
    ofClass.push(among / r);
  });
  x.dispose();
  return {
    asked: Int32Array.from(asked),
    predictions: Int32Array.from(predictions),
    first: Int32Array.from(first),
    precision: Float64Array.from(precision),
    ofClass: Float64Array.from(ofClass),
  };
}

/** The first of the places 0 to n - 1 at which something holds, as it does at all behind it; n if at none. */
function firstPlace(n: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
