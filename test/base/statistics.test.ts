import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { holm } from '../../src/base/statistics/holm.js';
import { improvement } from '../../src/base/statistics/improvement.js';
import { iqm, iqmAgain, iqmInterval, quantile } from '../../src/base/statistics/iqm.js';
import { leastSignFlip, signFlip } from '../../src/base/statistics/sign-flip.js';
import { ci95, equivalence, needed } from '../../src/base/statistics/student.js';
import { createRng } from '../../src/tensor/rng.js';

interface Recorded {
  readonly samples: readonly {
    readonly values: readonly number[];
    readonly ci95: readonly [number, number];
    readonly p: number;
    readonly margin: number;
    readonly equivalence: number;
    readonly needed: number;
  }[];
  readonly families: readonly { readonly p: readonly number[]; readonly holm: readonly number[] }[];
  readonly tasks: {
    readonly scores: readonly (readonly number[])[];
    readonly others: readonly (readonly number[])[];
    readonly iqm: number;
    readonly improvement: number;
    readonly draws: readonly (readonly (readonly number[])[])[];
    readonly resampled: readonly number[];
    readonly percentiles: readonly [number, number];
  };
}

const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../fixtures/parity/statistics.json', import.meta.url), 'utf8'),
);

it('agrees with scipy and statsmodels about one sample', () => {
  for (const sample of recorded.samples) {
    const { values } = sample;
    expect(ci95(values)?.low).toBeCloseTo(sample.ci95[0], 10);
    expect(ci95(values)?.high).toBeCloseTo(sample.ci95[1], 10);
    expect(signFlip(values)).toBeCloseTo(sample.p, 12);
    expect(equivalence(values, sample.margin)).toBeCloseTo(sample.equivalence, 10);
    expect(needed(values)).toBe(sample.needed);
  }
});

it('agrees with statsmodels about Holm', () => {
  for (const { p, holm: adjusted } of recorded.families) {
    holm(p).forEach((value, i) => {
      expect(value).toBeCloseTo(adjusted[i] ?? Number.NaN, 12);
    });
  }
});

it('agrees with rliable on the same resamples', () => {
  const { scores, others, draws, resampled, percentiles } = recorded.tasks;
  expect(iqm(scores.flat())).toBeCloseTo(recorded.tasks.iqm, 12);
  const again = draws.map((drawn) => {
    const order = drawn.flat().values();
    return iqmAgain(scores, () => Number(order.next().value));
  });
  again.forEach((value, i) => {
    expect(value).toBeCloseTo(resampled[i] ?? Number.NaN, 12);
  });
  const sorted = [...again].sort((a, b) => a - b);
  expect(quantile(sorted, 0.025)).toBeCloseTo(percentiles[0], 12);
  expect(quantile(sorted, 0.975)).toBeCloseTo(percentiles[1], 12);
  const each = scores.map((task, i) => improvement(task, others[i] ?? []) ?? Number.NaN);
  const average = each.reduce((sum, value) => sum + value, 0) / each.length;
  expect(average).toBeCloseTo(recorded.tasks.improvement, 12);
});

it('gives no number where there is none', () => {
  expect([ci95([1]), equivalence([1], 1), needed([1]), needed([2, 2])]).toEqual(
    Array(4).fill(undefined),
  );
  expect([signFlip([]), leastSignFlip(0), iqm([]), improvement([], [1])]).toEqual(
    Array(4).fill(undefined),
  );
  expect(iqmInterval([[1, 2], [3]])).toBeUndefined();
  // a gain that is too small to be found
  expect(needed([1, -1, 1.0001, -1])).toBeUndefined();
});

it('says the least p that so many values can give', () => {
  for (const count of [1, 3, 6]) {
    expect(signFlip(Array.from({ length: count }, (_, i) => i + 1))).toBe(leastSignFlip(count));
  }
  expect(signFlip([0, 0, 0])).toBe(1);
  // without a spread nothing says how far the mean may be off
  expect(equivalence([0.1, 0.1, 0.1], 0.2)).toBeUndefined();
  expect(equivalence([0.3, 0.3, 0.3], 0.2)).toBe(1);
});

it('draws signs of more than 20 values, close to trying them all', () => {
  const rng = createRng(1, 'signs');
  const values = Array.from({ length: 40 }, () => 0.3 + rng.normal());
  // the normal limit of the test
  const sum = values.reduce((a, b) => a + b, 0);
  const size = Math.sqrt(values.reduce((a, b) => a + b * b, 0));
  const z = Math.abs(sum) / size;
  const limit = 2 * (1 - normal(z));
  expect(Math.abs((signFlip(values) ?? 0) - limit)).toBeLessThan(0.005);
  expect(signFlip(values)).toBe(signFlip(values));
});

it('covers the mean in 94 to 96 of 100 samples, with 3, 5 and 10 values', () => {
  for (const count of [3, 5, 10]) {
    const rng = createRng(3, 'coverage', count);
    let covered = 0;
    const times = 20_000;
    for (let i = 0; i < times; i++) {
      const found = ci95(Array.from({ length: count }, () => rng.normal()));
      if (found && found.low <= 0 && found.high >= 0) covered += 1;
    }
    expect(covered / times).toBeGreaterThan(0.94);
    expect(covered / times).toBeLessThan(0.96);
  }
});

/** Standard normal distribution, Abramowitz and Stegun 26.2.17, within 7.5e-8. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}
