import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decides, ofMany, ofOne, ofTwo } from '../../src/language/operators.js';

it('makes nothing of operands of another kind', () => {
  expect(ofOne('-', true)).toBeUndefined();
  expect(ofOne('not', 1)).toBeUndefined();
  expect(ofTwo('+', 'a', 'b')).toBeUndefined();
  expect(ofTwo('<', 1, null)).toBeUndefined();
  expect(ofTwo('and', true, 1)).toBeUndefined();
});

it('compares by parts, and what is no number with nothing', () => {
  expect(ofTwo('==', { low: 0, high: 1 }, { high: 1, low: 0 })).toBe(true);
  expect(ofTwo('!=', { low: 0 }, null)).toBe(true);
  expect(ofTwo('==', null, null)).toBe(true);
  expect(ofTwo('==', Number.NaN, 1)).toBe(false);
  expect(ofTwo('!=', Number.NaN, 1)).toBe(false);
});

it('leaves `none` out of what is reduced', () => {
  expect(ofMany('mean', [1, null, 3])).toBe(2);
  expect(ofMany('count', [1, null, 3])).toBe(2);
  expect(ofMany('count', [null])).toBe(0);
  expect(ofMany('max', [null])).toBeUndefined();
  expect(ofMany('std', [1, null])).toBeUndefined();
});

it('decides `and` and `or` by one side exactly where the other makes no difference', () => {
  fc.assert(
    fc.property(fc.constantFrom('and' as const, 'or' as const), fc.boolean(), (operator, left) => {
      const [yes, no] = [ofTwo(operator, left, true), ofTwo(operator, left, false)];
      expect(decides(operator, left)).toBe(yes === no);
      if (decides(operator, left)) expect(yes).toBe(left);
    }),
  );
});
