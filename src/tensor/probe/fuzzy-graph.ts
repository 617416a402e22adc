/** The nearest neighbours of `n` points, `k` each, the nearest first and none itself. */
export interface NearPoints {
  readonly k: number;
  /** Places (n, k). */
  readonly indices: Int32Array;
  /** Euclidean distances (n, k). */
  readonly distances: Float64Array;
}

/** Pairs of points that belong together; each stands twice, once from either side. */
export interface Edges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** From above 0 to 1. */
  readonly weights: Float64Array;
}

/**
 * The fuzzy union of what each point takes for its neighbours: UMAP's graph. A pair weighs a + b - a b, where a and b
 * are how much each counts the other.
 * Source: McInnes et al. 2018, arXiv:1802.03426, algorithms 2 and 3; umap-learn's `fuzzy_simplicial_set`.
 */
export function fuzzyGraph(near: NearPoints): Edges {
  const { k, indices } = near;
  const n = indices.length / k;
  const memberships = membershipsOf(near);
  const from: number[] = [];
  const to: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let at = i * k; at < (i + 1) * k; at++) {
      const j = indices[at] ?? 0;
      const back = indices.subarray(j * k, (j + 1) * k).indexOf(i);
      if (back >= 0 && j < i) continue;
      const there = memberships[at] ?? 0;
      const here = back < 0 ? 0 : (memberships[j * k + back] ?? 0);
      const weight = there + here - there * here;
      from.push(i, j);
      to.push(j, i);
      weights.push(weight, weight);
    }
  }
  return {
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    weights: Float64Array.from(weights),
  };
}

/** Rounds of halving in which the width of a neighbourhood is found, and how near its sum has to come. */
const rounds = 64;
const tolerance = 1e-5;

/** No width is below this share of the mean distance. */
const narrowest = 1e-3;

/**
 * How much each neighbour counts (n, k): 1 up to the nearest distance above 0, falling by exp from there, with a width at
 * which they sum up to log2 (k + 1). umap-learn counts the point itself among its k.
 */
function membershipsOf({ k, distances }: NearPoints): Float64Array {
  const found = new Float64Array(distances.length);
  const target = Math.log2(k + 1);
  const mean = (values: Float64Array, n: number) => values.reduce((sum, x) => sum + x, 0) / n;
  const overall = mean(distances, (distances.length / k) * (k + 1));
  for (let start = 0; start < distances.length; start += k) {
    const row = distances.subarray(start, start + k);
    const nearest = row.find((distance) => distance > 0) ?? 0;
    const of = (distance: number, width: number) =>
      distance <= nearest ? 1 : Math.exp(-(distance - nearest) / width);
    let [low, high, width] = [0, Number.POSITIVE_INFINITY, 1];
    for (let round = 0; round < rounds; round++) {
      const sum = row.reduce((total, distance) => total + of(distance, width), 0);
      if (Math.abs(sum - target) < tolerance) break;
      if (sum > target) high = width;
      else low = width;
      width = high === Number.POSITIVE_INFINITY ? 2 * width : (low + high) / 2;
    }
    const least = narrowest * (nearest > 0 ? mean(row, k + 1) : overall);
    for (const [place, distance] of row.entries()) {
      found[start + place] = of(distance, Math.max(width, least));
    }
  }
  return found;
}
