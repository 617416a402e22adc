import { expect, it } from 'vitest';
import type { Table } from '../../../src/execute/record.js';
import { fitText, textWidth } from '../../../src/report/charts/charts.js';
import { figureFile } from '../../../src/report/charts/figure-file.js';
import { lossFigures } from '../../../src/report/charts/loss-figure.js';
import { followPage } from '../../../src/report/charts/palette.js';
import { tableFigure } from '../../../src/report/charts/table-figure.js';
import { parseHistory } from '../../../src/report/history.js';
import { readTable } from '../../../src/report/tables/table-reading.js';
import { cell, outcome, table, trend } from '../fixture.js';

const names = { axes: {}, labels: {} };
const readable = (of: Table) => ({ table: of, shown: of, reading: readTable(of) });

function training(points: readonly Readonly<Record<string, string>>[], scale = 1) {
  const runs = points.map((point, i) => ({
    outcome: outcome('encoder', point),
    history: { rows: [1, 2, 3].map((e) => ({ epoch: e, loss: (scale ** i * 5) / e, seconds: 1 })) },
    signs: {},
  }));
  return { stage: 'encoder', runs };
}

const seeds = ['1', '2'].flatMap((seed) =>
  ['sp', 'ap'].flatMap((pairs) => ['x', 'y', 'z'].map((views) => ({ seed, pairs, views }))),
);

it('draws values and differences in panels of their own', async () => {
  const figure = await tableFigure(readable(table), 'fixture');
  expect(figure?.panels).toHaveLength(4);
  expect(figure?.legend.map((entry) => entry.label)).toEqual(['left', 'right']);
  expect(figure?.panels[0]?.svg).toContain('b1: left, right');
  expect(figure?.panels[1]?.svg).toContain('difference, %');
});

it('draws a line where the rows are numbers', async () => {
  const figure = await tableFigure(readable(trend), 'fixture');
  expect(figure?.panels).toHaveLength(2);
  expect(figure?.panels[1]?.svg).toContain('minutes');
  expect(figure?.panels[0]?.svg).toMatch(/mark-line/);
  expect(figure?.legend).toEqual([]);
});

it('draws no line through seeds, between which nothing lies', async () => {
  const of = async (axis: string) => {
    const figure = await tableFigure(readable({ ...trend, rowAxes: [axis] }), 'fixture');
    return /mark-line/.test(figure?.panels[0]?.svg ?? '');
  };
  expect([await of('n'), await of('seed'), await of('fold')]).toEqual([true, false, false]);
});

it('draws numbers without a unit on one axis only where they are of like size', async () => {
  const columns = ['loss', 'entropy', 'parameters'].map((value) => ({ labels: [], value }));
  const row = [0.5, 2, 23e6].map((number) => cell([number], 'Float'));
  const figure = await tableFigure(
    readable({ ...trend, columns, cells: [row, row, row, row] }),
    'f',
  );
  expect(figure?.panels).toHaveLength(2);
  expect(figure?.panels[0]?.svg).toContain('loss, entropy');
});

it('draws differences as a forest plot: their means with 95 % intervals, held against 0', async () => {
  const figure = await tableFigure(readable(table), 'fixture');
  expect(figure?.caption).toContain(
    'lines are ± one standard deviation, of differences the 95 % interval of the mean, by Student’s t.',
  );
  const ends = (panel: number, at: number) => {
    const spec = figure?.panels[panel]?.spec as { layer: { data: { values: unknown[] } }[] };
    return spec.layer.find(({ data }) => JSON.stringify(data).includes('"low"'))?.data.values[at];
  };
  // Of 9, 10 and 11 points: 10 ± 4.303 / √3, and of 50 to 52 % the standard deviation.
  const half = 4.302652729 / Math.sqrt(3);
  expect(ends(1, 0)).toMatchObject({
    value: expect.closeTo(10, 8),
    low: expect.closeTo(10 - half, 8),
  });
  expect(ends(0, 0)).toMatchObject({ value: expect.closeTo(51, 8), low: expect.closeTo(50, 8) });
});

it('lays epochs along a linear axis, and sizes that grow by factors along a logarithmic one', async () => {
  const scaled = async (axis: string) => {
    const figure = await tableFigure(readable({ ...trend, rowAxes: [axis] }), 'fixture');
    return JSON.stringify(figure?.panels[0]?.spec).includes('"type":"log"');
  };
  expect(await scaled('n')).toBe(true);
  expect(await scaled('at')).toBe(false);
});

it('draws no figure of a table without points', async () => {
  const empty = { ...table, cells: table.cells.map((row) => row.map(() => undefined)) };
  expect(await tableFigure(readable(empty), 'fixture')).toBe(undefined);
});

it('colours curves by the smallest axis, makes panels of the others, none of repetitions', async () => {
  const [figure, ...others] = await lossFigures(
    training(seeds),
    new Set(['seed']),
    names,
    (name) => name,
  );
  expect(others).toEqual([]);
  expect(figure?.legend.map((entry) => entry.label)).toEqual(['pairs=sp', 'pairs=ap']);
  expect(figure?.panels).toHaveLength(3);
  expect(figure?.panels[0]?.svg.match(/<path d="M[^"]*" stroke=/g)).toHaveLength(4);
  expect(figure?.caption).toContain('Lines of one colour differ in seed.');
});

it('gives each panel its own scale only where one would flatten some', async () => {
  const alike = await lossFigures(training(seeds), new Set(['seed']), names, (name) => name);
  expect(alike[0]?.caption).not.toContain('own scale');
  const apart = await lossFigures(training(seeds, 3), new Set(['seed']), names, (name) => name);
  expect(apart[0]?.caption).toContain('Each panel has its own scale.');
  const alone = await lossFigures(
    training([{ seed: '1' }]),
    new Set(['seed']),
    names,
    (name) => name,
  );
  expect(alone[0]?.panels).toHaveLength(1);
  expect(alone[0]?.caption).not.toContain('own scale');
});

it('gives losses of other methods panels and scales of their own', async () => {
  const points = ['simclr', 'byol'].flatMap((method) =>
    ['sp', 'ap', 'wide'].map((pairs) => ({ method, pairs })),
  );
  const { runs, ...rest } = training(points, 1.01);
  const trained = runs.map(({ outcome: of, history }) => {
    const method = { describe: `std.ssl.${of.planned.point.method}`, version: 1, args: {} };
    return {
      history,
      signs: {},
      outcome: { ...of, planned: { ...of.planned, params: { method } } },
    };
  });
  const [figure] = await lossFigures({ ...rest, runs: trained }, new Set(), names, (name) => name);
  expect(figure?.panels).toHaveLength(2);
  expect(figure?.legend.map(({ label }) => label)).toEqual(['pairs=sp', 'pairs=ap', 'pairs=wide']);
  expect(figure?.caption).toContain('Losses of different methods have scales of their own.');
  const other = { ...rest, runs };
  const [alike] = await lossFigures(other, new Set(), names, (name) => name);
  expect(alike?.panels).toHaveLength(3);
});

it('draws panels of the same values to the same scale', async () => {
  const figure = await tableFigure(readable(table), 'fixture');
  const ticks = figure?.panels.map(({ svg }) =>
    [...svg.matchAll(/>(-?[\d.−]+)</g)].map((m) => m[1]),
  );
  expect(ticks?.[0]).toEqual(ticks?.[2]);
  expect(ticks?.[1]).toEqual(ticks?.[3]);
  expect(ticks?.[0]).not.toEqual(ticks?.[1]);
});

it('says what a number is, and draws values to hold it against across each panel', async () => {
  const signs = {
    entropy: { what: 'entropy of the teacher in nats', lines: { 'ln K': 6.2 } },
    loss: { what: 'mean loss of the epoch' },
  };
  const given = training([{ views: 'x' }, { views: 'y' }]);
  const runs = given.runs.map(({ outcome: of, history }) => ({
    outcome: of,
    history: { rows: history.rows.map((row) => ({ grown: 1, entropy: row.epoch, ...row })) },
    signs,
  }));
  const figures = await lossFigures({ ...given, runs }, new Set(), names, (name) => name);
  expect(figures.map(({ name }) => name)).toEqual(
    ['loss', 'entropy', 'grown'].map((name) => `encoder-${name}`),
  );
  expect(figures[1]?.caption).toContain('by epoch (entropy of the teacher in nats), one line');
  expect(figures[1]?.panels.map(({ svg }) => svg)).toEqual(
    figures[1]?.panels.map(() => expect.stringContaining('>ln K<')),
  );
  expect(figures[2]?.caption).toContain('grown of encoder by epoch, one line');
});

it('says what a number is of each method, and holds the lines of each against its own', async () => {
  const given = training([{ method: 'dino' }, { method: 'vicreg' }]);
  const runs = given.runs.map(({ outcome: of, history }, i) => {
    const method = { describe: `std.ssl.${of.planned.point.method}`, version: 1, args: {} };
    const signs = [
      { loss: { what: 'cross-entropy', lines: { 'ln K': 4 } } },
      { loss: { what: 'sum of three terms' } },
    ][i];
    if (signs === undefined) throw new Error('two points');
    return { history, signs, outcome: { ...of, planned: { ...of.planned, params: { method } } } };
  });
  const [figure] = await lossFigures({ ...given, runs }, new Set(), names, (name) => name);
  expect(figure?.caption).toContain('(dino: cross-entropy; vicreg: sum of three terms), one line');
  expect(figure?.panels.map(({ svg }) => svg.includes('>ln K<'))).toEqual([true, false]);
});

it('reads histories and refuses what is none', () => {
  expect(parseHistory('{"rows": [{"loss": 1, "note": "x"}]}')).toEqual({ rows: [{ loss: 1 }] });
  for (const text of ['', '[]', 'null', '{"rows": 3}', '{"rows": [1]}']) {
    expect(parseHistory(text)).toBe(undefined);
  }
});

it('follows the colours of the page in attributes, never in text', () => {
  const svg = '<text fill="#1c2126">fill="#1c2126" &#34;</text>';
  expect(followPage(svg)).toContain('<text fill="var(--ink)">');
});

it('writes a figure file in plain colours that stands alone', async () => {
  const figure = await tableFigure(readable(table), 'fixture');
  const file = figure ? figureFile(figure) : '';
  expect(file).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+"/);
  expect(file).not.toContain('var(');
  expect(file).toContain('<title>fixture_table</title>');
});

it('keeps both ends of a label that is too long', () => {
  expect(fitText('short', 100)).toBe('short');
  const fitted = fitText('simclr(temperature: 10%)', 100);
  expect(fitted).toMatch(/^sim.*….*10%\)$/);
  expect(textWidth(fitted)).toBeLessThanOrEqual(100);
});
