import { expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { findNeighbours } from '../../../src/tensor/probe/neighbours.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { neighboursOf } from './all-neighbours.js';

loadTensorFlow({ threads: 2 });

/** The same by hand, in float64: all similarities of a row, sorted. */
function byHand(
  features: Float32Array,
  d: number,
  k: number,
  isNeighbour: (a: number, b: number, similarity: number) => boolean,
): readonly (readonly { readonly other: number; readonly similarity: number }[])[] {
  const n = features.length / d;
  const row = (at: number) => features.subarray(at * d, (at + 1) * d);
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((s, x, i) => s + x * (b[i] ?? 0), 0);
  const lengths = Array.from({ length: n }, (_, i) => Math.sqrt(dot(row(i), row(i))));
  return Array.from({ length: n }, (_, a) =>
    Array.from({ length: n }, (_, b) => ({
      other: b,
      similarity: dot(row(a), row(b)) / ((lengths[a] ?? 1) * (lengths[b] ?? 1)),
    }))
      .filter(({ other, similarity }) => isNeighbour(a, other, similarity))
      .sort((x, y) => y.similarity - x.similarity || x.other - y.other)
      .slice(0, k),
  );
}

const randomRows = (n: number, d: number, seed: number): Float32Array => {
  const rng = createRng(seed, 'rows');
  return Float32Array.from({ length: n * d }, () => rng.normal());
};

it.each([
  { n: 30, k: 4, atMost: undefined },
  { n: 1100, k: 3, atMost: 0.8 },
])('finds what all similarities of $n rows say', ({ n, k, atMost }) => {
  const d = 6;
  const features = randomRows(n, d, n);
  const own = Int32Array.from({ length: n }, (_, i) => i);
  const groups = own.map((i) => i % 5);
  const found = neighboursOf({ features, d, k, apart: [own, groups], atMost });
  const wanted = byHand(
    features,
    d,
    k,
    (a, b, similarity) => a % 5 !== b % 5 && similarity <= (atMost ?? 1),
  );
  expect(found.indices).toEqual(wanted.map((row) => row.map(({ other }) => other)));
  wanted.flat().forEach(({ similarity }, at) => {
    expect(found.similarities[at]).toBeCloseTo(similarity, 5);
  });
});

it('does not depend on the blocks that it is computed in', () => {
  // More rows than one block asks, and is asked; d is small, so products are exact in any order.
  const n = 9000;
  const rng = createRng(1, 'places');
  const features = Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 ? rng.normal() : 1));
  const own = Int32Array.from({ length: n }, (_, i) => i);
  const { indices, similarities } = neighboursOf({ features, d: 2, k: 2, apart: [own] });
  // By angle, the nearest are the next in order.
  const order = Array.from(own).sort(
    (a, b) => (features[2 * a + 1] ?? 0) - (features[2 * b + 1] ?? 0),
  );
  const place = new Int32Array(n);
  order.forEach((row, at) => {
    place[row] = at;
  });
  const near = (row: number, other: number) =>
    Math.abs((place[row] ?? 0) - (place[other] ?? 0)) <= 2 ||
    (similarities[2 * row] ?? 0) > 0.999999;
  expect(Array.from(own).every((row) => near(row, indices[row]?.[0] ?? -1))).toBe(true);
  expect(Array.from(own).every((row) => indices[row]?.[0] !== row)).toBe(true);
});

it('finds fewer neighbours of a row that has not as many, and of equals the first', () => {
  const features = Float32Array.from([1, 0, 1, 0, 1, 0, 0, 1]);
  const own = Int32Array.from([0, 1, 2, 3]);
  const { indices } = neighboursOf({
    features,
    d: 2,
    k: 5,
    apart: [own, Int32Array.of(0, 0, 1, 2)],
  });
  expect(indices).toEqual([
    [2, 3],
    [2, 3],
    [0, 1, 3],
    [0, 1, 2],
  ]);
});

it('frees what it computes with', () => {
  const before = tf.memory().numTensors;
  findNeighbours({ features: randomRows(40, 3, 0), d: 3, k: 2, apart: [] }, () => {});
  expect(tf.memory().numTensors).toBe(before);
});
