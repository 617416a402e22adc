import { expect, it } from 'vitest';
import { permutation } from '../../src/tensor/permutation.js';
import { createRng } from '../../src/tensor/rng.js';

const draw = (n: number, next: () => number): number[] => Array.from({ length: n }, next);

// From an implementation in Python (hashlib, 32-bit arithmetic by masks).
it('gives the numbers it always gave', () => {
  const rng = createRng(0, 'views', 3);
  expect(draw(3, rng.uniform)).toEqual([
    0.9583586608059704, 0.6076044868677855, 0.9817579875234514,
  ]);
  expect(rng.normal()).toBeCloseTo(-1.258193164286301, 12);
  expect(rng.normal()).toBeCloseTo(1.973793025686845, 12);
  expect(draw(4, () => rng.below(10))).toEqual([1, 1, 5, 8]);
});

it('names a stream by its whole path, not by the numbers drawn before', () => {
  const rng = createRng(5, 'a');
  draw(10, rng.uniform);
  const split = draw(4, rng.split('b', 1).uniform);
  expect(draw(4, createRng(5, 'a', 'b', 1).uniform)).toEqual(split);
  expect(draw(4, createRng(5, 'a', 'b', '1').uniform)).not.toEqual(split);
  expect(draw(4, createRng(5, 'a', 'b').split(1).uniform)).toEqual(split);
  expect(draw(4, createRng(5, 'ab', 1).uniform)).not.toEqual(split);
});

it('is uniform, and each bit of it is', () => {
  const n = 200_000;
  const rng = createRng(1);
  const cells = new Array<number>(256).fill(0);
  const bits = new Array<number>(32).fill(0);
  for (let i = 0; i < n; i++) {
    const value = rng.uniform();
    cells[Math.floor(value * 256)] = (cells[Math.floor(value * 256)] ?? 0) + 1;
    for (let bit = 0; bit < 32; bit++)
      bits[bit] = (bits[bit] ?? 0) + (((value * 2 ** 32) >>> bit) & 1);
  }
  const expected = n / 256;
  const chi = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // Chi-squared with 255 degrees of freedom: 99.99 % lie between 177 and 349.
  expect(chi).toBeGreaterThan(177);
  expect(chi).toBeLessThan(349);
  for (const ones of bits) expect(Math.abs(ones - n / 2)).toBeLessThan(4.5 * Math.sqrt(n / 4));
});

it('has normals of mean 0, variance 1 and kurtosis 3', () => {
  const n = 200_000;
  const values = draw(n, createRng(2).normal);
  const moment = (power: number): number => values.reduce((sum, v) => sum + v ** power, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(0.01);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.015);
  expect(Math.abs(moment(3))).toBeLessThan(0.03);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
});

it('gives neighbouring streams nothing in common', () => {
  const n = 20_000;
  const first = createRng(3);
  for (const other of [createRng(4), first.split(0), first.split('0'), createRng(3, 'a')]) {
    const a = createRng(3);
    let product = 0;
    for (let i = 0; i < n; i++) product += (a.uniform() - 0.5) * (other.uniform() - 0.5);
    expect(Math.abs(product / n) * 12).toBeLessThan(4.5 / Math.sqrt(n));
  }
});

it('draws integers below a bound evenly, also a bound that divides 2^32 badly', () => {
  const rng = createRng(6);
  const bound = 3 * 2 ** 30;
  const thirds = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) {
    const third = Math.floor(rng.below(bound) / 2 ** 30);
    thirds[third] = (thirds[third] ?? 0) + 1;
  }
  for (const count of thirds) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  expect(() => rng.below(0)).toThrow('no integer lies in [0, 0)');
});

it('permutes evenly', () => {
  const rng = createRng(7);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const key = permutation(rng, 3).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
  expect(permutation(rng, 0)).toEqual(new Int32Array(0));
});
