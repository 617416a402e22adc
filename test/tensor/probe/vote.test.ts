import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { voteOfNeighbours } from '../../../src/tensor/probe/vote.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../parity.js';
import { probe as reference } from './probe-fixture.js';

const bank = Float32Array.from(reference.train.flat());
const queries = Float32Array.from(reference.test.flat());
const labels = Int32Array.from(reference.trainLabels);
const d = reference.mean.length;

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("votes as DINO's knn_classifier", () => {
  for (const { k, temperature, predictions } of reference.knn) {
    const ours = voteOfNeighbours({ bank, labels, queries, d, classes: 4, k, temperature });
    expectClosePlain('kNN, predictions', ours, predictions, 0);
  }
});

it('stays finite at a low temperature and leaks no tensor', () => {
  const before = tf.memory().numTensors;
  const vote = { bank, labels, queries: bank, d, classes: 4, k: 3, temperature: 1e-3 };
  expect([...voteOfNeighbours(vote)]).toEqual([...labels]);
  expect(tf.memory().numTensors).toBe(before);
});

it('gives the nearest a vote at any temperature, however far it is', () => {
  // Ten of each class; the query is at cosine 0.2 to those of class 1 and 0 to those of class 0.
  const vote = {
    bank: Float32Array.from({ length: 60 }, (_, i) => ((i < 30 ? 0 : 1) === i % 3 ? 1 : 0)),
    labels: Int32Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1)),
    queries: Float32Array.of(0, 0.2, 0.98),
    d: 3,
    classes: 2,
    k: 10,
  };
  for (const temperature of [1e-6, 1e-3, 0.07, 10]) {
    expect([...voteOfNeighbours({ ...vote, temperature })]).toEqual([1]);
  }
});

it('does not let an image find itself, nor its copy count as itself', () => {
  const bank = Float32Array.of(1, 0, 1, 0.1, 0, 1, 0, 1);
  const vote = { bank, queries: bank, labels: Int32Array.of(0, 1, 2, 3), d: 2, classes: 4 };
  const once = { ...vote, k: 1, temperature: 0.07 };
  expect([...voteOfNeighbours({ ...once, themselves: true })]).toEqual([1, 0, 3, 2]);
  expect([...voteOfNeighbours(once)]).toEqual([0, 1, 2, 2]);
});
