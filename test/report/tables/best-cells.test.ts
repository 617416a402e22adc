import { expect, it } from 'vitest';
import { bestCells } from '../../../src/report/tables/best-cells.js';
import { readTable } from '../../../src/report/tables/table-reading.js';
import { cell, table, trend } from '../fixture.js';

const axes = {
  labels: new Map([['pairs', new Set(['left', 'right', 'other'])]]),
  trained: undefined,
};
const none = { labels: new Map<string, Set<string>>(), trained: undefined };

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
  expect(of([0.5, 0.51, 0.52, 0.5], low, [0.1])).toEqual([true, false, false]);
  expect(of([0.5, 0.51, 0.52, 0.5], low, [0.9])).toEqual([false, false, false]);
  // two equal differences are no certainty
  expect(of([0.8, 0.85], [0.75, 0.8])).toEqual([false, false]);
  const six = [0.8, 0.85, 0.81, 0.82, 0.83, 0.84];
  expect(
    of(
      six,
      six.map((value) => value - 0.05),
    ),
  ).toEqual([true, false]);
});

it('lets what is no label compete where two others are labels', () => {
  const mixed = {
    ...table,
    columnAxes: [],
    columns: ['left', 'right', 'raw'].map((value) => ({ labels: [], value })),
    rows: [['a1']],
    cells: [[cell([0.5, 0.51, 0.52]), cell([0.3, 0.32, 0.31]), cell([0.1, 0.12, 0.11])]],
  };
  expect(bestCells(mixed, readTable(mixed), axes)).toMatchObject({
    best: [[true, false, false]],
    emphasis: 'rows',
  });
});

it('compares rows between which something is trained otherwise, within what is only asked otherwise', () => {
  const asked = {
    ...table,
    rowAxes: ['on', 'method'],
    rows: [
      ['easy', 'simclr'],
      ['easy', 'byol'],
      ['hard', 'simclr'],
      ['hard', 'byol'],
    ],
    columnAxes: [],
    columns: [{ labels: [], value: 'top1' }],
    cells: [
      [0.9, 0.91, 0.92],
      [0.8, 0.81, 0.83],
      [0.3, 0.32, 0.31],
      [0.41, 0.4, 0.43],
    ].map((values) => [cell(values)]),
  };
  const of = (...trained: string[]) =>
    bestCells(asked, readTable(asked), { labels: new Map(), trained: new Set(trained) });
  expect(of('method').best.flat()).toEqual([true, false, false, true]);
  expect(of('seed')).toMatchObject({ emphasis: 'none' });
  expect(bestCells(asked, readTable(asked), none).best.flat()).toEqual([true, false, false, false]);
});

it('compares the rows of columns that are only asked otherwise', () => {
  const asked = {
    ...table,
    columnAxes: [],
    columns: ['easy', 'hard'].map((value) => ({ labels: [], value })),
    rowAxes: ['method'],
    rows: [['simclr'], ['byol']],
    cells: [
      [cell([0.9, 0.91, 0.92]), cell([0.3, 0.32, 0.31])],
      [cell([0.8, 0.81, 0.83]), cell([0.41, 0.4, 0.43])],
    ],
  };
  const labels = new Map([['on', new Set(['easy', 'hard'])]]);
  const of = (trained: readonly string[]) =>
    bestCells(asked, readTable(asked), { labels, trained: new Set(trained) });
  expect(of(['method'])).toMatchObject({
    best: [
      [true, false],
      [false, true],
    ],
    emphasis: 'columns',
  });
  expect(of(['method', 'on']).emphasis).toBe('rows');
});

it('compares within columns otherwise: the highest share, the shortest time', () => {
  const { best, emphasis } = bestCells(trend, readTable(trend), none);
  expect(emphasis).toBe('columns');
  expect(best.map((row) => row[0])).toEqual([false, false, false, true]);
  expect(best.map((row) => row[1])).toEqual([true, false, false, false]);
});

it('calls nothing best that has no better direction or no rival', () => {
  const plain = { ...trend, cells: [1, 2, 3, 4].map((n) => [cell([n], 'Float'), undefined]) };
  expect(bestCells(plain, readTable(plain), none).emphasis).toBe('none');
  const ties = { ...trend, cells: trend.cells.map(() => [cell([0.5]), undefined]) };
  expect(bestCells(ties, readTable(ties), none).emphasis).toBe('none');
});
