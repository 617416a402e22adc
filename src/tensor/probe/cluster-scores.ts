import { bestAssignment } from './assignment.js';

/** How well clusters agree with classes. */
export interface ClusterScores {
  /** Normalised mutual information, by the arithmetic mean of both entropies: 0 to 1. */
  readonly nmi: number;
  /** Adjusted Rand index: 1 for the same division, 0 on average for one by chance. */
  readonly ari: number;
  /** Share of rows that are of the class that their cluster stands for, each class for one cluster, as best fits. */
  readonly accuracy: number;
}

/**
 * Compares clusters (n) with classes (n), both numbered from 0, of which there are two at least.
 * Source: scikit-learn's normalized_mutual_info_score, adjusted_rand_score; SciPy's linear_sum_assignment.
 */
export function clusterScores(clusters: Int32Array, classes: Int32Array): ClusterScores {
  const n = classes.length;
  const [k, c] = [clusters, classes].map(
    (numbers) => numbers.reduce((a, b) => Math.max(a, b), 0) + 1,
  );
  const table = Array.from({ length: k ?? 0 }, () => new Float64Array(c ?? 0));
  clusters.forEach((cluster, row) => {
    const counts = table[cluster];
    const label = classes[row] ?? 0;
    if (counts) counts[label] = (counts[label] ?? 0) + 1;
  });
  const ofClusters = table.map((counts) => counts.reduce((a, b) => a + b, 0));
  const ofClasses = Array.from({ length: c ?? 0 }, (_, label) =>
    table.reduce((sum, counts) => sum + (counts[label] ?? 0), 0),
  );
  const cells = table.flatMap((counts) => [...counts]);
  const together = entropy(cells, n);
  const [own, others] = [entropy(ofClusters, n), entropy(ofClasses, n)];
  const pairs = (counts: readonly number[]) =>
    counts.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const [both, rows, columns, all] = [
    pairs(cells),
    pairs(ofClusters),
    pairs(ofClasses),
    pairs([n]),
  ];
  const expected = (rows * columns) / all;
  const most = (rows + columns) / 2;
  return {
    nmi: own + others === 0 ? 1 : Math.max(0, (2 * (own + others - together)) / (own + others)),
    ari: most === expected ? 1 : (both - expected) / (most - expected),
    accuracy: bestAssignment(table.map((counts) => [...counts])) / n,
  };
}

const entropy = (counts: readonly number[], n: number): number =>
  counts.reduce((sum, count) => (count > 0 ? sum - (count / n) * Math.log(count / n) : sum), 0);
