import { createRng } from '../rng.js';
import { columnMeans } from './gram.js';

/** Rounds of the power method: the plane begins a map, and need not be the very best. */
const rounds = 30;

/**
 * Places (n, 2) of features (n, d) along their first two principal components, nearly: by orthogonal iteration in
 * float64, one row after another, so that the numbers do not depend on threads.
 */
export function principalPlane(features: Float32Array, d: number): Float64Array {
  const means = columnMeans(features, d);
  const rng = createRng(0, 'principal-plane');
  let axes = orthonormal(
    Float64Array.from({ length: d }, () => rng.normal()),
    Float64Array.from({ length: d }, () => rng.normal()),
  );
  const places = new Float64Array((2 * features.length) / d);
  for (let round = 0; round < rounds; round++) {
    const [u, v] = axes;
    const [nextU, nextV] = [new Float64Array(d), new Float64Array(d)];
    for (let row = 0; row < features.length; row += d) {
      let [p, q] = [0, 0];
      for (let j = 0; j < d; j++) {
        const x = (features[row + j] ?? 0) - (means[j] ?? 0);
        p += x * (u[j] ?? 0);
        q += x * (v[j] ?? 0);
      }
      for (let j = 0; j < d; j++) {
        const x = (features[row + j] ?? 0) - (means[j] ?? 0);
        nextU[j] = (nextU[j] ?? 0) + p * x;
        nextV[j] = (nextV[j] ?? 0) + q * x;
      }
      places[(2 * row) / d] = p;
      places[(2 * row) / d + 1] = q;
    }
    axes = orthonormal(nextU, nextV);
  }
  return places;
}

type Axes = readonly [Float64Array, Float64Array];

/** Both at length 1, the second without what it has of the first; zeros where nothing is left. */
function orthonormal(u: Float64Array, v: Float64Array): Axes {
  const first = unit(u);
  const along = dot(first, v);
  const rest = v.map((value, j) => value - along * (first[j] ?? 0));
  return [first, unit(rest)];
}

const dot = (u: Float64Array, v: Float64Array): number =>
  u.reduce((sum, value, j) => sum + value * (v[j] ?? 0), 0);

function unit(v: Float64Array): Float64Array {
  const length = Math.sqrt(dot(v, v));
  return length === 0 ? v : v.map((value) => value / length);
}
