import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { draw } from '../../src/base/statistics/draw.js';

interface Case {
  readonly seed: number;
  readonly name: string;
  readonly values: readonly number[];
}

const path = new URL('../fixtures/parity/draws.json', import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(path, 'utf8'));

it.each(cases)('draws to the bit what the reference draws: seed $seed, `$name`', (known) => {
  const { seed, name, values } = known;
  expect(values.map((_, i) => draw(seed, name, i))).toEqual(values);
});

it('has one of the first 2^k numbers in each of 2^k equal parts, whatever the seed', () => {
  for (let seed = 0; seed < 50; seed++) {
    for (const count of [2, 8, 32, 1024]) {
      const parts = Array.from({ length: count }, (_, i) =>
        Math.floor(draw(seed, 'lr', i) * count),
      );
      expect(new Set(parts).size).toBe(count);
    }
  }
});

it('puts sequences of different names together at random', () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);
  const correlations = seeds.map((seed) => {
    const at = Array.from({ length: 64 }, (_, i) => [draw(seed, 'a', i), draw(seed, 'b', i)]);
    return at.reduce((sum, [x = 0, y = 0]) => sum + 12 * (x - 0.5) * (y - 0.5), 0) / 64;
  });
  const mean = correlations.reduce((a, b) => a + b, 0) / seeds.length;
  const spread = Math.sqrt(correlations.reduce((a, b) => a + b * b, 0) / seeds.length);
  // 1/8 of independent pairs; a little more, as two neighbours lie in opposite halves of each
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(spread).toBeGreaterThan(0.1);
  expect(spread).toBeLessThan(0.18);
});
