import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mean, std } from '../../src/base/statistics/moments.js';
import { equivalence } from '../../src/base/statistics/student.js';
import { studentCdf, studentQuantile } from '../../src/base/statistics/student-t.js';

const recorded: readonly {
  readonly degrees: number;
  readonly limit: number;
  readonly cdf: readonly { readonly value: number; readonly p: number }[];
}[] = JSON.parse(
  readFileSync(new URL('../fixtures/parity/student_t.json', import.meta.url), 'utf8'),
);

it('agrees with scipy about Student’s t, also far out and for many degrees', () => {
  for (const { degrees, limit, cdf } of recorded) {
    expect(studentQuantile(0.975, degrees) / limit).toBeCloseTo(1, 11);
    for (const { value, p } of cdf) {
      const ours = studentCdf(value, degrees);
      // as many digits of a small p as of a large one; scipy gives 0 where it is smaller than a number can be
      expect(
        p < 1e-300 ? ours < 1e-290 : Math.abs(ours / p - 1) < 1e-11,
        `${value} of ${degrees}: ${ours}, ${p}`,
      ).toBe(true);
    }
  }
});

it('has a p of equivalence where 1 less a probability would be 0', () => {
  expect(equivalence([1e-9, 2e-9, 3e-9, 2e-9, 1e-9], 1e-3)).toBeGreaterThan(0);
});

it('takes the rounding of equal numbers for no spread, and their mean for that number', () => {
  expect(mean([0.8, 0.8, 0.8])).toBe(0.8);
  expect(std([0.8, 0.8, 0.8])).toBe(0);
  expect(std([0.82 - 0.8, 0.83 - 0.81, 0.815 - 0.795])).toBe(0);
  expect(std([1e-7, 2e-7])).toBeCloseTo(7.07e-8, 10);
});
