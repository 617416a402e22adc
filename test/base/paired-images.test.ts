import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { binomialPmf, coinsAtMost } from '../../src/base/statistics/binomial.js';
import { mcnemar } from '../../src/base/statistics/mcnemar.js';
import {
  bootstrapInterval,
  counted,
  percentiles,
} from '../../src/base/statistics/paired-images.js';

interface Fixture {
  readonly mcnemar: readonly { first: number; second: number; exact: number; mid: number }[];
  readonly bootstrap: readonly {
    name: string;
    values: readonly number[];
    counts: readonly number[];
    resamples: readonly (readonly number[])[];
    interval: readonly [number, number];
    many: readonly [number, number];
  }[];
  readonly pmf: readonly { k: number; n: number; p: number; pmf: number }[];
  readonly at_most: readonly { k: number; n: number; cdf: number }[];
}

const path = new URL('../fixtures/parity/paired_images.json', import.meta.url);
const fixture: Fixture = JSON.parse(readFileSync(path, 'utf8'));

/** Holds a number against another to ten digits. */
function same(found: number, expected: number, what: string): void {
  expect(Math.abs(found - expected), what).toBeLessThanOrEqual(
    1e-10 * Math.max(1e-3, Math.abs(expected)),
  );
}

it('gives the binomial probabilities of scipy', () => {
  for (const { k, n, p, pmf } of fixture.pmf) same(binomialPmf(k, n, p), pmf, `${k} of ${n}`);
  for (const { k, n, cdf } of fixture.at_most) same(coinsAtMost(k, n), cdf, `${k} of ${n}`);
});

it("gives statsmodels' exact p of McNemar, and the mid-p", () => {
  for (const { first, second, exact, mid } of fixture.mcnemar) {
    const found = mcnemar(first, second);
    same(found.exact, exact, `exact of ${first}, ${second}`);
    same(found.midP, mid, `mid-p of ${first}, ${second}`);
  }
});

it("gives scipy's percentile interval of its own resamples", () => {
  for (const { name, values, counts, resamples, interval } of fixture.bootstrap) {
    let at = 0;
    const { low, high } = percentiles(
      { values, counts },
      resamples.length,
      () => resamples[at++] ?? [],
    );
    same(low, interval[0], name);
    same(high, interval[1], name);
  }
});

it('draws as a bootstrap draws, and always the same', () => {
  for (const { name, values, counts, many } of fixture.bootstrap) {
    const found = bootstrapInterval({ values, counts });
    const width = many[1] - many[0];
    expect(Math.abs((found?.low ?? 0) - many[0]), name).toBeLessThan(0.03 * width);
    expect(Math.abs((found?.high ?? 0) - many[1]), name).toBeLessThan(0.03 * width);
    expect(bootstrapInterval({ values, counts })).toEqual(found);
  }
  const one = fixture.bootstrap[0];
  const flat =
    one?.values.flatMap((value, i) => Array<number>(one.counts[i] ?? 0).fill(value)) ?? [];
  expect(counted(flat.reverse())).toEqual({ values: one?.values, counts: one?.counts });
  expect(bootstrapInterval(counted([0.5]))).toBeUndefined();
  expect(bootstrapInterval(counted([1, 1, 1]))).toEqual({ low: 1, high: 1 });
});
