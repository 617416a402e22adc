import { insertNear } from './insert-near.js';
import { eachDistance, type Points } from './near-points.js';

/** The `k` nearest of each of places (n, 2), without itself (n, k), the nearest first; of equals the one that stands first. */
export function nearInPlane(places: Float64Array, k: number): Int32Array {
  const n = places.length / 2;
  const found = new Int32Array(n * k);
  const squares = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    const near = found.subarray(i * k, (i + 1) * k);
    const [x = 0, y = 0] = [places[2 * i], places[2 * i + 1]];
    squares.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < n; j++) {
      const square = (x - (places[2 * j] ?? 0)) ** 2 + (y - (places[2 * j + 1] ?? 0)) ** 2;
      if (square < (squares[k - 1] ?? 0) && j !== i) insertNear(near, squares, j, square);
    }
  }
  return found;
}

/** The share of `k` neighbours (n, k) that are among `others` (n, k) too, whatever their order. */
export function overlapOf(near: Int32Array, others: Int32Array, k: number): number {
  let both = 0;
  for (let start = 0; start < near.length; start += k) {
    const among = others.subarray(start, start + k);
    for (const j of near.subarray(start, start + k)) if (among.includes(j)) both++;
  }
  return both / near.length;
}

/**
 * Trustworthiness: 1 - 2 / (n k (2n - 3k - 1)) times how far beyond k those stand, in the order of distances, that are
 * neighbours in the map and not among the points. 1 where there are none such. More than 2 k points.
 * Source: Venna & Kaski 2001, ICANN; scikit-learn's `trustworthiness`.
 * @param near - neighbours among the points (n, k)
 * @param inMap - neighbours in the map (n, k)
 */
export function trustworthiness(
  points: Points,
  { near, inMap, k }: { readonly near: Int32Array; readonly inMap: Int32Array; readonly k: number },
  progress?: (done: number) => void,
): number {
  const n = near.length / k;
  let beyond = 0;
  eachDistance(points, (i, squares) => {
    const known = near.subarray(i * k, (i + 1) * k);
    const strange = inMap.subarray(i * k, (i + 1) * k).filter((j) => !known.includes(j));
    if (strange.length > 0) beyond += ranksBeyond(squares, i, strange, k);
    progress?.(i + 1);
  });
  return 1 - (2 * beyond) / (n * k * (2 * n - 3 * k - 1));
}

/** How far beyond `k` the points `strange` stand in the order of distances from `i`, together. */
function ranksBeyond(squares: Float32Array, i: number, strange: Int32Array, k: number): number {
  const levels = Float32Array.from(strange, (j) => squares[j] ?? 0);
  const furthest = levels.reduce((a, b) => Math.max(a, b));
  const before = new Int32Array(levels.length);
  for (let j = 0; j < squares.length; j++) {
    const square = squares[j] ?? 0;
    if (square > furthest || j === i) continue;
    for (let s = 0; s < levels.length; s++) {
      const level = levels[s] ?? 0;
      if (square < level || (square === level && j < (strange[s] ?? 0))) {
        before[s] = (before[s] ?? 0) + 1;
      }
    }
  }
  return before.reduce((sum, count) => sum + Math.max(0, count + 1 - k), 0);
}
