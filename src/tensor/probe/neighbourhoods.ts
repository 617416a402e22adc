import type { NearPoints } from './near-points.js';

/** How near and how wide what each of `n` points sees is, in the unit of its distances. */
export interface Neighbourhoods {
  /** The nearest distance above 0 (n); 0 where all neighbours are copies. */
  readonly nearest: Float64Array;
  /** The width of the exponential by which neighbours beyond the nearest count less (n). */
  readonly widths: Float64Array;
}

/** Rounds of halving in which a width is found, and how near its sum has to come. */
const rounds = 64;
const tolerance = 1e-5;

/** No width is below this share of the mean distance. */
const narrowest = 1e-3;

/**
 * The width at which the exponentials of a point's `k` neighbours sum up to log2 (k + 1). Where they cannot, as with many
 * equal distances, it is the narrowest: a share of the mean distance of the point's neighbours, or of all points' where
 * these are copies of it. umap-learn counts the point itself among its k, and so do both means.
 * Source: McInnes et al. 2018, arXiv:1802.03426, algorithm 3; umap-learn's `smooth_knn_dist`.
 */
export function neighbourhoodsOf({ k, distances }: NearPoints): Neighbourhoods {
  const n = distances.length / k;
  const [nearest, widths] = [new Float64Array(n), new Float64Array(n)];
  const target = Math.log2(k + 1);
  const mean = (values: Float64Array, count: number) => values.reduce((a, b) => a + b, 0) / count;
  const overall = mean(distances, n * (k + 1));
  for (let i = 0; i < n; i++) {
    const row = distances.subarray(i * k, (i + 1) * k);
    const first = row.find((distance) => distance > 0) ?? 0;
    const sumAt = (width: number) =>
      row.reduce((sum, x) => sum + (x <= first ? 1 : Math.exp(-(x - first) / width)), 0);
    const least = narrowest * (first > 0 ? mean(row, k + 1) : overall);
    nearest[i] = first;
    widths[i] = Math.max(widthFor(sumAt, target), least);
  }
  return { nearest, widths };
}

/** The width at which a sum that rises with it is `target`, by doubling and halving from 1. */
function widthFor(sumAt: (width: number) => number, target: number): number {
  let [low, high, width] = [0, Number.POSITIVE_INFINITY, 1];
  for (let round = 0; round < rounds; round++) {
    const sum = sumAt(width);
    if (Math.abs(sum - target) < tolerance) break;
    if (sum > target) high = width;
    else low = width;
    width = high === Number.POSITIVE_INFINITY ? 2 * width : (low + high) / 2;
  }
  return width;
}
