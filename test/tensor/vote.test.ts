import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../src/tensor/runtime/load.js';
import { tf } from '../../src/tensor/tf.js';
import { voteOfNeighbours } from '../../src/tensor/vote.js';

interface Reference {
  readonly train: readonly number[][];
  readonly test: readonly number[][];
  readonly trainLabels: readonly number[];
  readonly mean: readonly number[];
  readonly knn: readonly {
    readonly k: number;
    readonly temperature: number;
    readonly predictions: readonly number[];
  }[];
}

const reference: Reference = JSON.parse(
  readFileSync(new URL('../fixtures/parity/probe.json', import.meta.url), 'utf8'),
);
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
    expect([...ours]).toEqual(predictions);
  }
});

it('stays finite at a low temperature and leaks no tensor', () => {
  const before = tf.memory().numTensors;
  const vote = { bank, labels, queries: bank, d, classes: 4, k: 3, temperature: 1e-3 };
  expect([...voteOfNeighbours(vote)]).toEqual([...labels]);
  expect(tf.memory().numTensors).toBe(before);
});
