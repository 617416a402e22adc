import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { cosinesTo } from '../../../src/tensor/probe/narrow-cone.js';
import { eachLikeness, nearest } from '../../../src/tensor/probe/similarity.js';
import { unitRows } from '../../../src/tensor/probe/unit-rows.js';
import { tf } from '../../../src/tensor/tf.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

/** Deterministic numbers between -1 and 1. */
const wave = (n: number, d: number): Float32Array =>
  Float32Array.from({ length: n * d }, (_, i) => Math.sin(i * 12.9898) * Math.cos(i * 0.37));

function cosine(a: readonly number[], b: readonly number[]): number {
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

it('scales rows to length one and leaves zeros', () => {
  const rows = unitRows(tf.tensor2d([3, 4, 0, 0], [2, 2])).arraySync();
  expect(rows[0]?.[0]).toBeCloseTo(0.6, 6);
  expect(rows[1]).toEqual([0, 0]);
});

it('scales rows of very large and very small numbers', () => {
  const rows = unitRows(tf.tensor2d([3e30, 4e30, 3e-30, 4e-30], [2, 2])).arraySync();
  for (const row of rows) {
    expect(row[0]).toBeCloseTo(0.6, 6);
    expect(row[1]).toBeCloseTo(0.8, 6);
  }
});

it('visits every query once, in order, over several blocks', () => {
  const [m, n, d] = [300, 40, 5];
  const queries = wave(m, d);
  const bank = wave(n, d).toReversed();
  const seen: number[] = [];
  eachLikeness(tf.tensor2d(queries, [m, d]), tf.tensor2d(bank, [n, d]), (query, likenesses) => {
    seen.push(query);
    const q = [...queries.slice(query * d, (query + 1) * d)];
    for (const j of [0, 17, 39]) {
      expect(likenesses[j]).toBeCloseTo(cosine(q, [...bank.slice(j * d, (j + 1) * d)]), 5);
    }
  });
  expect(seen).toEqual(Array.from({ length: m }, (_, i) => i));
});

it('orders neighbours by similarity and equals by position', () => {
  const bank = tf.tensor2d([0, 1, 1, 0, 2, 0, 1, 1], [4, 2]);
  const { indices, likenesses } = nearest(tf.tensor2d([1, 0], [1, 2]), cosinesTo(bank), 4);
  expect([...indices]).toEqual([1, 2, 3, 0]);
  expect(likenesses[2]).toBeCloseTo(Math.SQRT1_2, 6);
});

it('leaks no tensor', () => {
  const x = tf.tensor2d(wave(300, 4), [300, 4]);
  const before = tf.memory().numTensors;
  const compared = cosinesTo(x);
  nearest(x, compared, 3);
  compared.dispose();
  eachLikeness(x, x, () => undefined);
  expect(tf.memory().numTensors).toBe(before);
});
