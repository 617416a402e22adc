import { expect, it } from 'vitest';
import { readsAs } from '../../../src/report/numbers/printed.js';

it('knows numbers in powers of ten by as many digits as they have', () => {
  expect(readsAs('3.1e-7', 3.12e-7, '3.12e-7', 'Float')).toBe('rounded');
  expect(readsAs('3.12e-7', 3.12e-7, '3.12e-7', 'Float')).toBe('printed');
  expect(readsAs('1.2e+8', 1.23e8, '123000000', 'Float')).toBe('rounded');
  expect(readsAs('1.2E8', 1.23e8, '123000000', 'Float')).toBe('rounded');
  for (const value of [0.2, 0, -0.4, 3.2e-7, 3.1e-6]) {
    expect(readsAs('3.1e-7', value, `${value}`, 'Float'), `${value}`).toBeUndefined();
  }
  // One digit says too little.
  expect(readsAs('3e-7', 3.2e-7, '3.2e-7', 'Float')).toBeUndefined();
});

it('knows shares by their per cent and by themselves', () => {
  expect(readsAs('85.6', 0.8561, '85.61 %', 'Fraction')).toBe('rounded');
  expect(readsAs('0.86', 0.8561, '85.61 %', 'Fraction')).toBe('rounded');
  expect(readsAs('85.6 points', 0.8561, '85.61 %', 'Float')).toBeUndefined();
  expect(readsAs('about', 0.8561, '85.61 %', 'Fraction')).toBeUndefined();
});
