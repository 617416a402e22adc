import { expect, it } from 'vitest';
import type { Findings, Table } from '../../src/execute/record.js';
import { renderTables } from '../../src/report/terminal.js';
import { cell, findings, outcome, table } from './fixture.js';

const names = { axes: {}, labels: {} };
const none: Findings = { tables: [], expectations: [], comparisons: [], names };
const ESCAPE = String.fromCharCode(27);

it('prints tables, expectations and published values', async () => {
  const text = renderTables(findings, { colour: false, width: 100 });
  await expect(text).toMatchFileSnapshot('fixtures/terminal.txt');
});

it('continues wide tables below themselves in a narrow terminal', async () => {
  const text = renderTables(findings, { colour: false, width: 44 });
  await expect(text).toMatchFileSnapshot('fixtures/terminal-narrow.txt');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(44);
});

it('keeps columns under one label together where they fit', () => {
  const text = renderTables(
    { ...none, tables: [{ ...table, published: [] }] },
    { colour: false, width: 80 },
  );
  const heads = text.split('\n').filter((line) => line.startsWith('b  '));
  expect(heads.map((line) => line.split(/\s+/))).toEqual([
    ['b', 'b1', 'b1', 'b1'],
    ['b', 'b2', 'b2', 'b2'],
  ]);
});

it('names the axes of columns beside their labels, also where there are no rows', () => {
  const labels = { rowAxes: [], rows: [[]], columnAxes: ['b'] };
  const columns = ['b1', 'b2'].map((label) => ({ labels: [label], value: 'left' }));
  const one = {
    ...table,
    ...labels,
    published: [],
    columns,
    cells: [table.cells[0]?.slice(0, 2) ?? []],
  };
  const text = renderTables({ ...none, tables: [one] }, { colour: false, width: 80 });
  expect(text.split('\n')[3]?.trim().split(/\s+/)).toEqual(['b', 'b1', 'b2']);
});

it('says in a line that a table has no results yet', () => {
  const empty = { ...table, cells: table.cells.map((row) => row.map(() => undefined)) };
  const text = renderTables({ ...none, tables: [empty] }, { colour: false, width: 80 });
  expect(text).toBe(`${table.name}: no results yet\n`);
});

it('uses colour only when asked', () => {
  expect(renderTables(findings, { colour: false, width: 80 })).not.toContain(ESCAPE);
  expect(renderTables(findings, { colour: true, width: 80 })).toContain(`${ESCAPE}[32m✓`);
});

it('says nothing when there is nothing to say', () => {
  expect(renderTables(none, { colour: false, width: 80 })).toBe('');
});

it('keeps control characters of labels out of the terminal', () => {
  const hostile: Table = {
    ...table,
    name: `${ESCAPE}]0;title`,
    rows: [[`${ESCAPE}[2J`], ['\u202eabc']],
  };
  const text = renderTables({ ...none, tables: [hostile] }, { colour: false, width: 120 });
  expect(text).not.toContain(ESCAPE);
  expect(text).not.toContain('\u202e');
});

it('measures wide characters in columns', () => {
  const wide: Table = {
    ...table,
    columns: [{ labels: [], value: 'x' }],
    rows: [['日本'], ['ab']],
    cells: [[cell([0.5])], [cell([0.25])]],
  };
  const text = renderTables({ ...none, tables: [wide] }, { colour: false, width: 80 });
  expect(text).toContain('日本  50.0 %');
  expect(text).toContain('ab    25.0 %');
});

it('shows a table without row axes', () => {
  const single: Table = { ...table, rowAxes: [], rows: [[]], cells: [table.cells[0] ?? []] };
  const text = renderTables({ ...none, tables: [single] }, { colour: false, width: 100 });
  expect(text).toContain('51.0 ± 1.0 %');
});

it('leaves what was published beside the value that it is of', () => {
  const text = renderTables({ ...none, tables: [table] }, { colour: false, width: 44 });
  const [head = ''] = text.split('\n').filter((line) => /^a +left/.test(line));
  expect(head.split(/ {2,}/)).toEqual(['a', 'left', 'published', 'difference']);
});

it('prints the best of a table bold where there is colour, and says what bold is', () => {
  const outcomes = ['left', 'right'].map((side) => outcome('encoder', { side }));
  const show = (colour: boolean) =>
    renderTables({ ...none, tables: [table] }, { colour, width: 60, outcomes });
  expect(show(true)).toContain(`${ESCAPE}[1m51.0 ± 1.0 %${ESCAPE}[22m`);
  expect(show(true)).not.toContain(`${ESCAPE}[1m41.0 ± 1.0 %`);
  expect(show(true)).toContain('bold: the best mean of its row');
  expect(show(false)).not.toContain('bold');
});
