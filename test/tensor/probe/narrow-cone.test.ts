import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { kMeans, lloyd } from '../../../src/tensor/probe/k-means.js';
import { nearPoints, pointsOf } from '../../../src/tensor/probe/near-points.js';
import { retrieveAcross } from '../../../src/tensor/probe/retrieve.js';
import { eachLikeness } from '../../../src/tensor/probe/similarity.js';
import { uniformity } from '../../../src/tensor/probe/uniformity.js';
import { unitRows } from '../../../src/tensor/probe/unit-rows.js';
import { voteOfNeighbours } from '../../../src/tensor/probe/vote.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { jsonOf } from '../parity.js';
import { neighboursOf } from './all-neighbours.js';
import { flat } from './measures.js';

interface NarrowCone {
  readonly x: readonly number[][];
  readonly labels: readonly number[];
  readonly groups: readonly number[];
  readonly knn: readonly {
    readonly k: number;
    readonly temperature: number;
    readonly predictions: readonly number[];
  }[];
  readonly retrieval: {
    readonly predictions: readonly number[];
    readonly precision: readonly number[];
  };
  readonly near: readonly number[][];
  readonly kmeans: {
    readonly first: readonly number[];
    readonly plain: readonly number[];
    readonly spherical: readonly number[];
  };
  readonly zeros: readonly number[][];
  readonly uniformity: number;
}

/** Features of nearly one direction, and what independent code says of them: `make_narrow_cone.py`. */
const cone = jsonOf<NarrowCone>('narrow_cone');
const d = 8;
const x = flat(cone.x);
const labels = Int32Array.from(cone.labels);

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('votes by cosines that are 1 but for rounding, and leaks no tensor', () => {
  const before = tf.memory().numTensors;
  const [bank, queries] = [x.subarray(0, 40 * d), x.subarray(40 * d)];
  const vote = { bank, labels: labels.subarray(0, 40), queries, d, classes: 3 };
  for (const { predictions, ...how } of cone.knn) {
    expect([...voteOfNeighbours({ ...vote, ...how })]).toEqual(predictions);
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('retrieves by cosines that are 1 but for rounding', () => {
  const found = retrieveAcross({
    features: x,
    d,
    labels,
    groups: Int32Array.from(cone.groups),
  });
  expect([...found.predictions]).toEqual(cone.retrieval.predictions);
  found.precision.forEach((precision, at) => {
    expect(precision).toBeCloseTo(cone.retrieval.precision[at] ?? 0, 10);
  });
});

it('finds the nearest by cosines that are 1 but for rounding', () => {
  const { indices } = nearPoints(pointsOf(x, d, 'cosine'), 5);
  expect([...indices]).toEqual(cone.near.flat());
  const own = Int32Array.from({ length: 60 }, (_, row) => row);
  const found = neighboursOf({ features: x, d, k: 5, apart: [own] });
  expect(found.indices.flat()).toEqual(cone.near.flat());
  expect(Math.min(...found.similarities)).toBeGreaterThan(0.9999);
  expect(Math.max(...found.similarities)).toBeLessThan(1.000001);
});

it.each(['plain', 'spherical'] as const)('clusters features that are far from 0: %s', (kind) => {
  const spherical = kind === 'spherical';
  const features = spherical ? tf.tidy(() => unitRows(tf.tensor2d(x, [60, d])).dataSync()) : x;
  const given = { features: Float32Array.from(features), d, clusters: 3, spherical };
  const first = cone.kmeans.first.flatMap((row) => [
    ...given.features.subarray(row * d, (row + 1) * d),
  ]);
  const found = lloyd({ ...given, iterations: 300 }, Float32Array.from(first));
  expect([...found.clusters]).toEqual(cone.kmeans[kind]);
  const best = kMeans({ ...given, iterations: 300 }, [createRng(0), createRng(1), createRng(2)]);
  expect(best.inertia).toBeLessThanOrEqual(found.inertia * (1 + 1e-6));
});

it('gives rows of zeros the cosine 0, and all that are equal one likeness', () => {
  const bank = tf.tensor2d([1, 1, 0, 0, 1, 1.0001, 2, 2], [4, 2]);
  const queries = tf.tensor2d([1, 1.0002, 0, 0, 1, -2], [3, 2]);
  const seen: number[][] = [];
  eachLikeness(queries, bank, (_, likenesses) => seen.push([...likenesses]));
  const [near = [], none = [], across = []] = seen;
  const order = (values: readonly number[]) =>
    [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  expect(order(near)).toEqual([2, 0, 3, 1]);
  expect(new Set(none).size).toBe(1);
  expect(order(across)).toEqual([1, 0, 3, 2]);
  expect(near[0]).toBe(near[3]);
  expect((near[2] ?? 0) - (near[1] ?? 0)).toBeCloseTo(1, 6);
});

it('takes uniformity of rows of zeros as the authors do', () => {
  expect(uniformity(flat(cone.zeros), 3)).toBeCloseTo(cone.uniformity, 5);
});
