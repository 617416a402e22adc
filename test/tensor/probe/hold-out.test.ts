import { expect, it } from 'vitest';
import { holdOut } from '../../../src/tensor/probe/hold-out.js';

const inTurn = Int32Array.from({ length: 50 }, (_, i) => i % 5);
const count = (labels: Int32Array, places: Int32Array, label: number): number =>
  places.filter((place) => labels[place] === label).length;

it('holds a share of each class out, whatever their order', () => {
  for (const labels of [inTurn, inTurn.toSorted()]) {
    const { kept, held, single } = holdOut(labels, 0.2, 0);
    expect([...kept, ...held].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    for (let label = 0; label < 5; label++) expect(count(labels, held, label)).toBe(2);
    expect(single).toEqual([]);
  }
});

it('is drawn by the seed, the same each time', () => {
  const draws = [0, 0, 1].map((seed) => holdOut(inTurn, 0.2, seed).held.join());
  expect(draws[0]).toBe(draws[1]);
  expect(draws[2]).not.toBe(draws[0]);
});

it('holds one of few out, and none of a class that has a single image', () => {
  const { kept, held, single } = holdOut(Int32Array.of(2, 0, 1, 0, 1, 1), 0.05, 0);
  expect(held).toHaveLength(2);
  expect(kept).toContain(0);
  expect(single).toEqual([2]);
});

it('leaves one of each class to fit on', () => {
  expect(holdOut(Int32Array.of(0, 0, 1, 1), 0.9, 0).kept).toHaveLength(2);
});
