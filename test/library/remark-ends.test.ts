import { expect, it } from 'vitest';
import { remarkEnd } from '../../src/library/remark-ends.js';

const widened = (end: 'smallest' | 'largest', values: readonly number[]): string => {
  const remarks: string[] = [];
  remarkEnd(
    end,
    { what: 'rate', parameter: 'rates', values },
    { remark: (text) => remarks.push(text) },
  );
  return /\[(.*)\]/.exec(remarks.join())?.[1] ?? '';
};

it('goes on as the list does, by no less than a fifth and no more than ten times', () => {
  expect(widened('largest', [0.1, 0.3])).toBe('0.1, 0.3, 0.9');
  expect(widened('smallest', [0.1, 0.3])).toBe('0.033, 0.1, 0.3');
  expect(widened('largest', [1, 1000])).toBe('1, 1000, 10000');
  expect(widened('largest', [1, 1.02])).toBe('1, 1.02, 1.2');
  expect(widened('largest', [1.23, 1.24])).toBe('1.23, 1.24, 1.5');
  expect(widened('smallest', [0.98, 1])).toBe('0.82, 0.98, 1');
  expect(widened('smallest', [0.11, 0.115])).toBe('0.092, 0.11, 0.115');
});
