import { beforeAll, expect, it } from 'vitest';
import { make as deepcluster } from '../../../src/library/ssl/deepcluster_v2.js';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { drawRows, sphericalKMeans } from '../../../src/tensor/spherical-k-means.js';
import { tf } from '../../../src/tensor/tf.js';
import { writeRows } from '../../../src/tensor/write-rows.js';
import { expectClose, tensorsOf } from '../../tensor/parity.js';
import { checkMethod, startOf, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = { prototypes: [7, 5], temperature: 0.1, iterations: 10, hidden: 10, dim: 6 };

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

checkMethod('DeepCluster v2', () => deepcluster({ ...small, prototypes: [4, 3] }));

it('gives losses, gradients, weights and memory as the official code does', () => {
  replaySteps('deepcluster_v2', deepcluster(small), { sharpness: 3 });
});

it('clusters as the official code does, where an empty cluster keeps its centroid', () => {
  const given = tensorsOf('deepcluster_v2-clusters');
  const [rows, first] = [asMatrix(pick(given, 'rows')), asMatrix(pick(given, 'first'))];
  const present = asVector(pick(given, 'present'));
  const { centroids, nearest, counts } = sphericalKMeans(rows, present, first, 10);
  expectClose('spherical k-means', centroids, pick(given, 'centroids'), 1e-6);
  expect([...counts.dataSync()]).toEqual([...pick(given, 'counts').dataSync()]);
  const seen = [...nearest.dataSync()].filter((_, row) => present.dataSync()[row] === 1);
  expect(seen).toEqual([...pick(given, 'nearest').dataSync()]);
});

it('draws the first centroids among the rows that are there, each once, by the seed', () => {
  const rows = tf.tensor2d([0, 1, 2, 3, 4, 5, 6, 7], [8, 1]);
  const present = tf.tensor1d([1, 0, 1, 1, 0, 1, 1, 0]);
  const by = (seed: number) => [
    ...drawRows(rows, present, 5, tf.tensor1d([seed, 0], 'int32')).dataSync(),
  ];
  expect(by(1).toSorted()).toEqual([0, 2, 3, 5, 6]);
  expect(by(1)).toEqual(by(1));
  expect([by(2), by(3), by(4)]).not.toEqual([by(1), by(1), by(1)]);
});

it('writes rows of a memory where they belong', () => {
  const at = tf.tensor1d([2, 0], 'int32');
  const next = writeRows(tf.zeros([3, 2]), at, tf.tensor2d([1, 2, 3, 4], [2, 2]));
  expect([...next.dataSync()]).toEqual([3, 4, 0, 0, 1, 2]);
});

it('keeps an embedding of both views, and the labels of each head, of all pairs', () => {
  const { trained, state } = startOf(deepcluster(small));
  expect(Object.keys(trained).filter((name) => name.startsWith('prototypes'))).toEqual([]);
  expect(shapesOf(state)).toEqual({
    'memory.0': [36, 6],
    'memory.1': [36, 6],
    'memory.epoch': [36, 1],
    'prototypes.0': [7, 6],
    'assignments.0': [36, 1],
    'clusters.0': [2],
    'prototypes.1': [5, 6],
    'assignments.1': [36, 1],
    'clusters.1': [2],
  });
});

it('labels the pairs of the epoch before and no others, and is told of every one', async () => {
  // 36 pairs in batches of 10: an epoch leaves 6 out.
  const method = deepcluster({ ...small, prototypes: [4, 3] });
  const { tensors, rows } = await trainMethod(method, { epochs: 2, batch: 10 });
  const written = [...(tensors.get('state.memory.epoch') ?? [])];
  expect(written.filter((epoch) => epoch === 1)).toHaveLength(30);
  const labels = [...(tensors.get('state.assignments.0') ?? [])];
  expect(labels.filter((label) => label >= 0)).toHaveLength(30);
  expect(Math.max(...labels)).toBeLessThan(4);
  for (const row of rows) {
    expect(row.clusters_used).toBeGreaterThan(0);
    expect(row.largest_cluster).toBeGreaterThanOrEqual(0.25);
  }
  for (const length of tf
    .norm(tf.tensor2d([...(tensors.get('state.prototypes.0') ?? [])], [4, 6]), 2, 1)
    .dataSync())
    expect(length).toBeCloseTo(1, 5);
});

it('says that there are more prototypes than pairs in an epoch', async () => {
  expect(() => startOf(deepcluster({ ...small, prototypes: [37] }))).toThrow('37 prototypes');
  const method = deepcluster({ ...small, prototypes: [31] });
  await expect(trainMethod(method, { batch: 10 })).rejects.toMatchObject({
    code: 'too-many-prototypes',
    message: expect.stringContaining('30 pairs'),
  });
});

it('takes no two clusters of about one size for a collapse', () => {
  const from = (prototypes: readonly number[]) =>
    deepcluster({ ...small, prototypes }).signs?.largest_cluster?.alarms?.map((one) => one.from);
  expect(from([300, 300])).toEqual([0.5]);
  expect(from([300, 2])).toEqual([0.75]);
});
