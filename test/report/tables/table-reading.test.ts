import { expect, it } from 'vitest';
import { bestCells, readTable, tableNote } from '../../../src/report/tables/table-reading.js';
import { cell, table, trend } from '../fixture.js';

const axes = new Map([['pairs', new Set(['left', 'right', 'other'])]]);

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

it('compares within rows what are labels of one axis', () => {
  const { best, emphasis } = bestCells(table, readTable(table), axes);
  expect(emphasis).toBe('rows');
  expect(best).toEqual([
    [true, false, false, false, true, false],
    [false, false, false, false, false, false],
  ]);
});

it('finds one best of a grid of two settings that are numbers', () => {
  const grid = {
    ...table,
    rows: [['0.1'], ['0.2']],
    columns: ['10%', '20%'].map((label) => ({ labels: [label], value: 'top1' })),
    cells: [
      [cell([0.3, 0.31]), cell([0.4, 0.41])],
      [cell([0.5, 0.5]), cell([0.9, 0.9])],
    ],
  };
  const { best, emphasis } = bestCells(grid, readTable(grid), axes);
  expect(emphasis).toBe('grid');
  expect(best[0]).toEqual([false, false]);
  expect(best[1]?.[1]).toBe(true);
  const gaps = {
    ...grid,
    columns: grid.columns.map((of) => ({ ...of, difference: true as const })),
  };
  expect(bestCells(gaps, readTable(gaps), axes)).toMatchObject({ emphasis: 'none' });
  const named = { ...grid, rows: [['simclr'], ['byol']] };
  expect(bestCells(named, readTable(named), axes).emphasis).not.toBe('grid');
});

it('calls best with the best what cannot be told from it, and none where that is all', () => {
  const rivals = {
    ...table,
    columnAxes: [],
    columns: ['left', 'right', 'other'].map((value) => ({ labels: [], value })),
  };
  const of = (...cells: readonly (readonly number[])[]) => {
    const one = { ...rivals, rows: [['a1']], cells: [cells.map((values) => cell(values))] };
    return bestCells(one, readTable(one), axes).best[0];
  };
  const low = [0.3, 0.31, 0.32, 0.29];
  expect(of([0.5, 0.51, 0.52, 0.5], [0.49, 0.52, 0.51, 0.51], low)).toEqual([true, true, false]);
  expect(of([0.5, 0.51, 0.52, 0.5], [0.49, 0.52, 0.51, 0.51])).toEqual([false, false]);
  // of one value nothing is known
  expect(of([0.5], [0.1])).toEqual([false, false]);
});

it('compares within columns otherwise: the highest share, the shortest time', () => {
  const { best, emphasis } = bestCells(trend, readTable(trend), new Map());
  expect(emphasis).toBe('columns');
  expect(best.map((row) => row[0])).toEqual([false, false, false, true]);
  expect(best.map((row) => row[1])).toEqual([true, false, false, false]);
});

it('calls nothing best that has no better direction or no rival', () => {
  const plain = { ...trend, cells: [1, 2, 3, 4].map((n) => [cell([n], 'Float'), undefined]) };
  expect(bestCells(plain, readTable(plain), new Map()).emphasis).toBe('none');
  const ties = { ...trend, cells: trend.cells.map(() => [cell([0.5]), undefined]) };
  expect(bestCells(ties, readTable(ties), new Map()).emphasis).toBe('none');
});

it('says how many results are still to come', () => {
  const seeds = { ...trend, over: ['seed'] };
  expect(tableNote(seeds, 1)).toBe('one value of seed, so no spread');
  const early = { ...seeds, cells: [[{ ...cell([0.5]), pending: 2 }, undefined]] };
  expect(tableNote(early, 1)).toBe('one value of seed, so no spread; 2 more have no result yet');
  const none = { ...seeds, cells: [[undefined, undefined]] };
  expect(tableNote(none, 1)).toBe('no results yet');
});
