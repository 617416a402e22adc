import { expect, it } from 'vitest';
import {
  bytesText,
  cellText,
  durationText,
  numberText,
  printCell,
} from '../../../src/report/numbers/format-number.js';

it('prints shares in percent with one decimal, and more where that would be 0', () => {
  expect(cellText({ mean: 0.4484, std: 0.0201, unit: 'Fraction' })).toBe('44.8 ± 2.0 %');
  expect(cellText({ mean: 0.4484, std: 0.0003, unit: 'Fraction' })).toBe('44.84 ± 0.03 %');
  expect(cellText({ mean: 0.4484, std: 0, unit: 'Fraction' })).toBe('44.8 ± 0.0 %');
  expect(cellText({ mean: 0.0001, std: 0.02, unit: 'Fraction' })).toBe('0.0 ± 2.0 %');
  const ends = (low: number, high: number) =>
    cellText({ mean: low, interval: { low, high }, unit: 'FractionDifference' });
  expect(ends(-0.00017, 0.017)).toBe('[-0.02, +1.70] points');
  expect(ends(0.0001, 0.0005)).toBe('[+0.01, +0.05] points');
  expect(numberText(0.4484, 'Fraction')).toBe('44.8 %');
});

it('writes signs on request and none on what rounds to zero', () => {
  expect(numberText(0.037, 'Fraction', true)).toBe('+3.7 %');
  expect(numberText(-0.037, 'Fraction', true)).toBe('-3.7 %');
  expect(numberText(0.0001, 'Fraction', true)).toBe('+0.01 %');
  expect(numberText(-0.0001, 'Fraction', true)).toBe('-0.01 %');
  expect(numberText(0.3 - 0.2 - 0.1, 'FractionDifference')).toBe('0.0 points');
  expect(cellText({ mean: -0.0001, std: 0.01, unit: 'FractionDifference' })).toBe(
    '0.0 ± 1.0 points',
  );
});

it('prints durations as people say them', () => {
  const said = [0, 0.25, 0.9999, 4.12, 9.97, 59.7, 192, 3599.9, 16_200, 190_800].map(durationText);
  expect(said).toEqual([
    '0 s',
    '250 ms',
    '1.0 s',
    '4.1 s',
    '10 s',
    '1 min 00 s',
    '3 min 12 s',
    '1 h 00 min',
    '4 h 30 min',
    '2 d 05 h',
  ]);
  expect(durationText(-4.12)).toBe('-4.1 s');
});

it('gives plain numbers the digits that their spread warrants', () => {
  expect(cellText({ mean: 1.23456, std: 0.0321, unit: 'Float' })).toBe('1.235 ± 0.032');
  expect(numberText(0.00001, 'Float')).toBe('1.00e-5');
  expect(numberText(0.25, 'Float')).toBe('0.25');
  expect(numberText(12, 'Int')).toBe('12');
  expect(numberText(0, 'Float')).toBe('0');
});

it('gives a spread two digits as it is rounded, from either side of a power of ten', () => {
  const spread = (std: number) => cellText({ mean: 100.123456, std, unit: 'Float' });
  expect(spread(9.96)).toBe('100 ± 10');
  expect(spread(9.94)).toBe('100.1 ± 9.9');
  expect(spread(0.996)).toBe('100.1 ± 1.0');
  expect(spread(0.0996)).toBe('100.12 ± 0.10');
  expect(spread(0.0994)).toBe('100.123 ± 0.099');
  expect(spread(1000)).toBe('100 ± 1000');
  const ends = { low: 95.02, high: 104.98 };
  expect(cellText({ mean: 100, interval: ends, unit: 'Float' })).toBe('[95, 105]');
});

it('prints bytes, pixels and angles', () => {
  expect(bytesText(1536)).toBe('1.5 KiB');
  expect(bytesText(12)).toBe('12 B');
  expect(numberText(64, 'Pixels')).toBe('64 px');
  expect(numberText(15, 'Angle')).toBe('15 °');
});

it('prints what is not finite', () => {
  expect(numberText(Number.NaN, 'Fraction')).toBe('NaN %');
  expect(printCell({ mean: Number.POSITIVE_INFINITY, unit: 'Float' }).mean).toBe('∞');
});
