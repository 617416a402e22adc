import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  type Pair,
  rankAmong,
  rankCorrelation,
} from '../../src/base/statistics/rank-correlation.js';

interface Case {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly rho: number;
  readonly ci95: readonly [number, number] | null;
  readonly ranks: readonly number[];
}

const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/parity/rank_correlation.json', import.meta.url), 'utf8'),
);
const paired = (x: readonly number[], y: readonly number[]): readonly Pair[] =>
  x.map((value, i) => [value, y[i] ?? Number.NaN]);

it("is SciPy's spearmanr, and its interval that of Bonett and Wright", () => {
  expect(cases).toHaveLength(7);
  for (const { x, y, rho, ci95 } of cases) {
    const found = rankCorrelation(paired(x, y));
    expect(found?.rho).toBeCloseTo(rho, 10);
    if (ci95 === null) expect(found?.ci95).toBeUndefined();
    else {
      expect(found?.ci95?.low).toBeCloseTo(ci95[0], 10);
      expect(found?.ci95?.high).toBeCloseTo(ci95[1], 10);
    }
  }
});

it("ranks as SciPy's rankdata, from the largest", () => {
  for (const { x, ranks } of cases) expect(x.map((value) => rankAmong(value, x))).toEqual(ranks);
});

it('gives no number of too few pairs or of constant ones, and no interval of a perfect order', () => {
  expect(rankCorrelation(paired([1, 2], [1, 2]))).toBeUndefined();
  expect(rankCorrelation(paired([1, 1, 1, 1], [1, 2, 3, 4]))).toBeUndefined();
  expect(rankCorrelation(paired([1, 2, 3, 4], [5, 5, 5, 5]))).toBeUndefined();
  const perfect = rankCorrelation(paired([1, 2, 3, 4, 5], [9, 7, 5, 3, 1]));
  expect(perfect?.rho).toBeCloseTo(-1, 12);
  expect(perfect?.ci95).toBeUndefined();
});
