import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { bestAssignment } from '../../../src/tensor/probe/assignment.js';
import { clusterScores } from '../../../src/tensor/probe/cluster-scores.js';
import { kMeans, lloyd } from '../../../src/tensor/probe/k-means.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../parity.js';
import { flat, measures } from './measures.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const features = flat(measures.x);
const labels = Int32Array.from(measures.labels);
const common = { features, d: 20, spherical: false, iterations: 300 };

it("clusters as scikit-learn's KMeans does from the same centres, and scores as it does", () => {
  const before = tf.memory().numTensors;
  expect(measures.kmeans).toHaveLength(2);
  for (const { first, clusters, inertia, ...scores } of measures.kmeans) {
    const found = lloyd({ ...common, clusters: first.length }, flat(first));
    expectClosePlain('k-means, clusters', found.clusters, clusters, 0);
    expectClosePlain('k-means, inertia', [found.inertia], [inertia], 1e-5);
    expect(found.converged).toBe(true);
    const ours = clusterScores(found.clusters, labels);
    for (const [name, value] of Object.entries(scores)) {
      const own = ours[name as keyof typeof ours];
      expectClosePlain(`clustering: ${name}`, [own], [value], 1e-10);
    }
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('scores fewer and more clusters than classes, and the same division by other numbers', () => {
  for (const { clusters, ...scores } of measures.scores) {
    const ours = clusterScores(Int32Array.from(clusters), labels);
    expectClosePlain('clustering, NMI', [ours.nmi], [scores.nmi], 1e-10);
    expectClosePlain('clustering, ARI', [ours.ari], [scores.ari], 1e-10);
    expectClosePlain('clustering, accuracy', [ours.accuracy], [scores.accuracy], 1e-10);
  }
});

it('takes the best of several runs, drawn by a seed', () => {
  const runs = (count: number) => Array.from({ length: count }, (_, run) => createRng(1, run));
  const one = kMeans({ ...common, clusters: 5 }, runs(1));
  const ten = kMeans({ ...common, clusters: 5 }, runs(10));
  expect(ten.inertia).toBeLessThanOrEqual(one.inertia);
  expect(kMeans({ ...common, clusters: 5 }, runs(10))).toEqual(ten);
  const onSphere = kMeans({ ...common, spherical: true, clusters: 5 }, runs(3));
  const longer = features.map((value, i) => value * (1 + Math.floor(i / 20)));
  const same = kMeans({ ...common, features: longer, spherical: true, clusters: 5 }, runs(3));
  expect([...same.clusters]).toEqual([...onSphere.clusters]);
});

it('leaves clusters empty where all rows are alike', () => {
  const alike = { ...common, features: new Float32Array(60).fill(1), d: 2, clusters: 3 };
  const found = kMeans(alike, [createRng(0)]);
  expect(new Set(found.clusters)).toEqual(new Set([0]));
  expect(found.inertia).toBe(0);
});

it('assigns by the largest sum, of matrices that are not square too', () => {
  expect(
    bestAssignment([
      [1, 9],
      [9, 10],
    ]),
  ).toBe(18);
  expect(bestAssignment([[1, 2, 30]])).toBe(30);
  expect(bestAssignment([[4], [7], [5]])).toBe(7);
});

it('finds the clusters of features whose squares float32 does not hold', () => {
  const clusters = (scale: number) => {
    const scaled = features.map((value) => value * scale);
    return kMeans({ ...common, features: scaled, clusters: 4 }, [createRng(0, 'k-means')]).clusters;
  };
  // Powers of 2: products are exact.
  for (const scale of [2 ** 90, 2 ** -90]) expect(clusters(scale)).toEqual(clusters(1));
});
