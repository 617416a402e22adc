import { expect, it } from 'vitest';
import { otherCount, readTable, tableNote } from '../../../src/report/tables/table-reading.js';
import { cell, table, trend } from '../fixture.js';

it('takes gains and what is negative for differences', () => {
  expect(readTable(table).differences).toEqual([false, false, true, false, false, true]);
  const negative = { ...trend, cells: trend.cells.map(() => [cell([-0.1]), cell([1])]) };
  expect(readTable(negative).differences).toEqual([true, false]);
});

it('takes other numbers than shares and times for differences where they are made of two', () => {
  const [column = { labels: [], value: 'likelihood' }] = trend.columns;
  const of = (columns: typeof trend.columns) =>
    readTable({ ...trend, columns, cells: [[cell([-3.2, -4.1], 'Float')]] }).differences;
  expect(of([column])).toEqual([false]);
  expect(of([{ ...column, difference: true }])).toEqual([true]);
  expect(of([{ ...column, value: 'improvement' }])).toEqual([false]);
});

it('says how many results are still to come', () => {
  const seeds = { ...trend, over: ['seed'] };
  expect(tableNote(seeds, 1)).toBe('one value of seed, so no spread');
  const early = { ...seeds, cells: [[{ ...cell([0.5]), pending: 2 }, undefined]] };
  expect(tableNote(early, 1)).toBe('one value of seed, so no spread; 2 more have no result yet');
  const none = { ...seeds, cells: [[undefined, undefined]] };
  expect(tableNote(none, 1)).toBe('no results yet');
});

it('counts no values behind what is made of all of them already', () => {
  const p = { ...cell([0.03], 'Float'), reduced: true as const };
  const least = { ...p, mean: 0.031, values: [0.031] };
  const gains = { ...trend, over: ['seed'], cells: [[cell([0.1, 0.2, 0.3]), p, least]] };
  const reading = readTable(gains);
  expect(reading.usualCount).toBe(3);
  expect([p, cell([0.5])].map((one) => otherCount(one, reading))).toEqual(['', ' (n=1)']);
  expect(tableNote(gains, reading.usualCount)).toBe('mean ± standard deviation over seed, n = 3');
});
