import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { nearInPlane, overlapOf, trustworthiness } from '../../../src/tensor/probe/map-scores.js';
import { mapStart } from '../../../src/tensor/probe/map-start.js';
import { nearPoints, pointsOf } from '../../../src/tensor/probe/near-points.js';
import { principalPlane } from '../../../src/tensor/probe/principal-plane.js';
import { alignedTo } from '../../../src/tensor/probe/procrustes.js';
import { umap } from '../../../src/tensor/probe/umap.js';
import { curveOf } from '../../../src/tensor/probe/umap-curve.js';
import { createRng } from '../../../src/tensor/rng.js';
import { expectClosePlain, jsonOf } from '../parity.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

/** 200 of scikit-learn's digits, by umap-learn and scikit-learn. */
const reference = jsonOf<{
  features: number[][];
  indices: number[][];
  plane: number[][];
  trust_plane: { euclidean: number; cosine: number };
  trust_umap: { euclidean: number[]; cosine: number[] };
  curves: { min_distance: number; ab: number[] }[];
}>('umap');
const d = 64;
const k = 15;
const metrics = ['euclidean', 'cosine'] as const;
const points = (metric: 'euclidean' | 'cosine') =>
  pointsOf(Float32Array.from(reference.features.flat()), d, metric);
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

it('fits the curve to the smallest distance as umap-learn does', () => {
  for (const { min_distance, ab } of reference.curves) {
    const { a, b } = curveOf(min_distance);
    expectClosePlain('UMAP: curve', [a, b], ab, 1e-4);
  }
});

it('finds neighbours as near as scikit-learn does', () => {
  const { distances } = nearPoints(points('euclidean'), k);
  const { features, indices } = reference;
  const found = indices.flatMap((row, i) =>
    row.map((j) => Math.hypot(...(features[i] ?? []).map((x, at) => x - (features[j]?.[at] ?? 0)))),
  );
  expectClosePlain('UMAP: distances', distances, found, 1e-6);
});

it('scores a layout as scikit-learn does', () => {
  const inMap = nearInPlane(Float64Array.from(reference.plane.flat()), k);
  for (const metric of metrics) {
    const near = nearPoints(points(metric), k).indices;
    const found = trustworthiness(points(metric), { near, inMap, k });
    // whole numbers have equal distances, of which each takes others first
    const tolerance = metric === 'euclidean' ? 1e-4 : 1e-6;
    expectClosePlain('UMAP: trustworthiness', [found], [reference.trust_plane[metric]], tolerance);
  }
});

it('is as trustworthy as umap-learn within 0.01, by the median over seeds', () => {
  for (const metric of metrics) {
    const of = points(metric);
    const near = nearPoints(of, k);
    const plane = principalPlane(of.rows, d);
    const found = [0, 1, 2].map((seed) => {
      const start = mapStart(plane, createRng(seed, 'start'));
      const rng = createRng(seed, 'layout');
      const inMap = nearInPlane(umap(near, start, { minDistance: 0.1, epochs: 500, rng }), k);
      return trustworthiness(of, { near: near.indices, inMap, k });
    });
    expect(median(found)).toBeGreaterThan(median(reference.trust_umap[metric]) - 0.01);
  }
});

it('lays out images on a line, and twice the same, without a number that is none', () => {
  const line = Float32Array.from({ length: 80 }, (_, i) => (i >> 1) + 1);
  const of = pointsOf(line, 1, 'euclidean');
  const near = nearPoints(of, 5);
  const begin = () => mapStart(principalPlane(of.rows, 1), createRng(0, 'start'));
  const lay = () =>
    umap(near, begin(), { minDistance: 0.1, epochs: 50, rng: createRng(0, 'layout') });
  const places = lay();
  expect(places.every(Number.isFinite)).toBe(true);
  expect(new Set(places).size).toBeGreaterThan(100);
  expect(lay()).toEqual(places);
});

it('finds the neighbours of features whose squares float32 does not hold', () => {
  const features = Float32Array.from(reference.features.flat());
  const near = (scale: number) =>
    nearPoints(
      pointsOf(
        features.map((value) => value * scale),
        d,
        'euclidean',
      ),
      k,
    ).indices;
  for (const scale of [2 ** 90, 2 ** -90]) expect(near(scale)).toEqual(near(1));
});

it('turns and mirrors a layout onto another, and stretches nothing', () => {
  const rng = createRng(0, 'procrustes');
  const places = Float64Array.from({ length: 40 }, () => rng.normal());
  const [cos, sin] = [Math.cos(2), Math.sin(2)];
  for (const mirror of [1, -1]) {
    const moved = places.map((_, at) => {
      const [x, y] = [places[at & ~1] ?? 0, mirror * (places[at | 1] ?? 0)];
      return at % 2 === 0 ? 3 + cos * x - sin * y : sin * x + cos * y - 7;
    });
    for (const [at, place] of alignedTo(moved, places).entries()) {
      expect(place).toBeCloseTo(moved[at] ?? Number.NaN, 11);
    }
    const doubled = alignedTo(
      moved.map((value) => 2 * value),
      places,
    );
    const length = (of: Float64Array) =>
      Math.hypot((of[0] ?? 0) - (of[2] ?? 0), (of[1] ?? 0) - (of[3] ?? 0));
    expect(length(doubled)).toBeCloseTo(length(places), 12);
  }
});

it('counts common neighbours, whatever their order', () => {
  expect(overlapOf(Int32Array.of(1, 2, 3, 4), Int32Array.of(2, 1, 4, 5), 2)).toBe(0.75);
});
