import type { NearPoints } from './near-points.js';
import { neighbourhoodsOf } from './neighbourhoods.js';

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

/** How much each neighbour counts (n, k): 1 up to the nearest, falling by exp from there. */
function membershipsOf(near: NearPoints): Float64Array {
  const { k, distances } = near;
  const { nearest, widths } = neighbourhoodsOf(near);
  return distances.map((distance, at) => {
    const i = Math.floor(at / k);
    const beyond = distance - (nearest[i] ?? 0);
    return beyond <= 0 ? 1 : Math.exp(-beyond / (widths[i] ?? 0));
  });
}
