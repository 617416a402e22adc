import { expect, it } from 'vitest';
import { findingsOf } from '../../src/execute/findings/findings.js';
import type { StagePoint } from '../../src/plan/plan.js';
import { printSides } from '../../src/report/expectation-text.js';
import { compileText, env, outcomesOf } from './compile-text.js';

const study = (last: string) =>
  compileText(`
import std.lab.{images, semantic, augmented, pretrain, probe as linear_probe}

axis seed = [1, 2, 3]
axis grey = {none: 0%, some: 20%}
dataset source = images(root: env.IMAGENET)
axis pairs = {sp: semantic(source), ap: augmented(source)}
train encoder = pretrain(pairs, grey, seed)
evaluate probe = linear_probe(encoder, images(root: env.STL10))
let gain = probe.top1[pairs: sp] - probe.top1[pairs: ap]
${last}
`);

/** top1 of a probe: 0.5, 0.1 more for semantic pairs, 0.01 more with each seed. */
function metricsOf({ name, point }: StagePoint) {
  if (name !== 'probe') return {};
  const top1 =
    0.5 +
    (point.pairs === 'sp' ? 0.1 : 0) +
    0.01 * Number(point.seed) -
    (point.grey === 'none' ? 0.2 : 0);
  return { top1, validation: top1 };
}
const find = (
  last: string,
  of = metricsOf as (p: StagePoint) => Record<string, number> | undefined,
) => {
  const program = study(last);
  return findingsOf(program, outcomesOf(program, of), env);
};
const near = (value: number | undefined) => Math.round((value ?? Number.NaN) * 1e6) / 1e6;

it('reduces a table over its axes, labels in the order of the axes', () => {
  const { tables } = find(
    'report r = table({sp: probe.top1[pairs: sp], gain}, rows: grey, over: seed)',
  );
  const [table] = tables;
  expect(table).toMatchObject({
    name: 'r',
    rowAxes: ['grey'],
    rows: [['none'], ['some']],
    over: ['seed'],
  });
  expect(table?.columns).toEqual([
    { labels: [], value: 'sp' },
    { labels: [], value: 'gain', difference: true },
  ]);
  const [none, some] = table?.cells ?? [];
  expect(none?.map((c) => near(c?.mean))).toEqual([0.42, 0.1]);
  expect(some?.[0]).toMatchObject({ count: 3, unit: 'Fraction' });
  expect(near(some?.[0]?.std)).toBe(0.01);
});

it('says nothing of a difference of a thing with itself, and does not count it among those told', () => {
  const { tables } = find(
    'report r = table({lost: probe.top1[grey: none] - probe.top1}, rows: [grey, pairs], over: seed)',
  );
  const [table] = tables;
  expect(table?.cells.map(([cell]) => near(cell?.mean))).toEqual([0, 0, -0.2, -0.2]);
  expect(table?.differences.map(({ row }) => row)).toEqual([2, 3]);
  // Of 3 pairs p is 0.25 at least; two are told, not four.
  expect(table?.differences.map(({ holm }) => holm)).toEqual([0.5, 0.5]);
});

it('says nothing of what is left of a whole, and calls it a count of errors', () => {
  const [table] = find(
    `let error = 1 - probe.top1[pairs: sp]
report r = table({error, kept: 100% - probe.top1[pairs: sp], right: probe.top1[pairs: sp], gain}, rows: grey, over: seed)`,
  ).tables;
  expect(table?.columns.map(({ errors }) => errors === true)).toEqual([true, true, false, false]);
  expect(table?.differences.map(({ column }) => column)).toEqual([3, 3]);
});

it('prints the sides of a claim as what is measured, with the comparison that it is', () => {
  const { expectations } = find(`let better = mean(gain, over: [seed, grey]) > 0
expect 0% < mean(gain, over: [seed, grey])
expect (mean(gain, over: [seed, grey]) >= 0)
expect better`);
  expect(expectations.map(({ unit, operator }) => [unit, operator])).toEqual([
    ['FractionDifference', '<'],
    ['FractionDifference', '>='],
    ['FractionDifference', '>'],
  ]);
  expect(
    expectations
      .flatMap(printSides)
      .map(({ left, operator, right }) => `${left} ${operator} ${right}`),
  ).toEqual([
    '0.0 points < +10.0 ± 0.0 points',
    '+10.0 ± 0.0 points ≥ 0.0 points',
    '+10.0 ± 0.0 points > 0.0 points',
  ]);
});

it('notes of a claim that the interval of its mean holds the other side', () => {
  const noisy = (p: StagePoint) =>
    p.name === 'probe'
      ? { top1: p.point.pairs === 'sp' ? 0.5 + 0.1 * Number(p.point.seed) : 0.68 }
      : {};
  const { expectations } = find(
    `expect mean(gain, over: seed) > 0
expect mean(gain, over: seed) > -50%
expect mean(gain, over: seed) < 50% and true
expect 0 < mean(gain[grey: none], over: seed)
expect mean(probe.top1[pairs: sp], over: seed) > mean(probe.top1[pairs: ap], over: seed)`,
    noisy,
  );
  // 0.02 +- 0.1 of three seeds.
  expect(expectations.map(({ holds, unclear }) => [holds, unclear])).toEqual([
    [true, ['grey=none', 'grey=some']],
    [true, undefined],
    [true, undefined],
    [true, ['']],
    [true, undefined],
  ]);
});

it('puts labels before values in the columns', () => {
  const { tables } = find(
    'report r = table({top: probe.top1, v: probe.validation}, rows: grey, columns: pairs, over: seed)',
  );
  expect(tables[0]?.columns).toEqual([
    { labels: ['sp'], value: 'top' },
    { labels: ['sp'], value: 'v' },
    { labels: ['ap'], value: 'top' },
    { labels: ['ap'], value: 'v' },
  ]);
});

it('leaves out what a slice dropped, and leaves gaps where results are missing', () => {
  const failing = (p: StagePoint) => (p.point.grey === 'none' ? undefined : metricsOf(p));
  const { tables } = find(
    'report r = table({top: probe.top1[pairs: {sp}]}, rows: [grey, pairs], over: seed)',
    failing,
  );
  expect(tables[0]?.rows).toEqual([
    ['none', 'sp'],
    ['some', 'sp'],
  ]);
  expect(tables[0]?.cells.map(([cell]) => cell?.count)).toEqual([undefined, 3]);
});

it('decides a claim at every point of its remaining axes, with both sides', () => {
  const { expectations } = find(
    'expect mean(gain, over: seed) > 0.05\nexpect probe.top1[pairs: sp, seed: 1] > 0.5',
  );
  expect(expectations[0]).toMatchObject({
    holds: true,
    points: 2,
    failing: [],
    unit: 'FractionDifference',
  });
  expect(
    expectations[0]?.sides.map((s) => [s.point, near(s.left), s.right, near(s.leftStd)]),
  ).toEqual([
    ['grey=none', 0.1, 0.05, 0],
    ['grey=some', 0.1, 0.05, 0],
  ]);
  expect(expectations[1]).toMatchObject({
    holds: false,
    points: 2,
    failing: ['grey=none (0.41 > 0.5)'],
  });
});

it('leaves a claim open while results are missing, unless it fails already', () => {
  const one = (grey: string) => (p: StagePoint) =>
    p.name === 'probe' && p.point.grey === grey && p.point.seed === '1' ? undefined : metricsOf(p);
  const claim = 'expect mean(probe.top1[pairs: sp], over: seed) > 0.5';
  expect(find(claim, one('none')).expectations[0]?.holds).toBeUndefined();
  expect(find(claim, one('some')).expectations[0]?.holds).toBe(false);
});

it('shows published values beside the mean of ours, and knows the time of a stage', () => {
  const { comparisons, tables } = find(
    'reference "arXiv:2510.08722v2" { probe.top1[pairs: sp, grey: some] = 85.59% }\nreport t = table({time: encoder.time}, rows: pairs, over: [seed, grey])',
  );
  expect(comparisons[0]).toMatchObject({
    source: 'arXiv:2510.08722v2',
    published: 0.8559,
    unit: 'Fraction',
  });
  expect(near(comparisons[0]?.ours?.mean)).toBe(0.62);
  expect(comparisons[0]?.ours?.count).toBe(3);
  expect(tables[0]?.cells[0]?.[0]).toMatchObject({ mean: 2, count: 6, unit: 'Duration' });
});

it('puts what was published beside the cells of the same metric, difference or calculation', () => {
  const { tables } = find(
    `reference "a paper" {
  probe.top1[pairs: sp, grey: some] = 85.59%
  gain[grey: some] = 3.8%
  encoder.time[grey: some] = 4.5h
}
report t = table({sp: probe.top1[pairs: sp], gain, top: max(probe.top1, over: pairs)}, rows: grey, over: seed)
report cost = table(encoder.time, rows: grey, over: [pairs, seed])`,
  );
  const row = tables[0]?.rows.findIndex(([grey]) => grey === 'some');
  expect(tables[0]?.published).toEqual([
    { row, column: 0, value: 0.8559, unit: 'Fraction', source: 'a paper' },
    { row, column: 1, value: 0.038, unit: 'FractionDifference', source: 'a paper' },
  ]);
  expect(tables[1]?.published).toEqual([
    { row, column: 0, value: 16_200, unit: 'Duration', source: 'a paper' },
  ]);
});

it('tells by rank correlation whether a measure would have chosen as the score does', () => {
  const measured = (p: StagePoint) => {
    const { top1 } = metricsOf(p);
    // Seed 3 is last by this measure, and first by top1.
    return top1 === undefined ? {} : { top1, validation: p.point.seed === '3' ? 0.01 : top1 };
  };
  const report = `report choice = table({validation: spearman(sp.validation, against: sp.top1, over: [grey, seed])})
report ranks = table({top1: ranking(sp.top1, over: [grey, seed])}, rows: [grey, seed])
expect spearman(sp.top1, against: sp.top1, over: [grey, seed]).rho > 0.99
expect spearman(sp.validation, against: sp.top1, over: [grey, seed]).rho > 0.99
expect mean(gain, over: [grey, seed]) > 0`;
  const text = `let sp = {top1: probe.top1[pairs: sp], validation: probe.validation[pairs: sp]}\n${report}`;
  const { tables, expectations } = find(text, measured);
  const [choice, order] = tables;
  expect(choice?.columns.map(({ value }) => value)).toEqual([
    'validation.rho',
    'validation.ci95',
    'validation.n',
  ]);
  // As SciPy has it.
  const [rho, interval, n] = choice?.cells[0] ?? [];
  expect(near(rho?.mean)).toBe(0.057977);
  expect([near(interval?.interval?.low), near(interval?.interval?.high)]).toEqual([
    -0.791148, 0.830758,
  ]);
  expect(n).toMatchObject({ mean: 6, unit: 'Int' });
  expect(order?.cells.map(([cell]) => cell?.mean)).toEqual([6, 5, 4, 3, 2, 1]);
  expect(expectations.map(({ holds }) => holds)).toEqual([true, false, true]);
});

it('leaves a rank correlation open while a result is missing, and shows that of a constant as no number', () => {
  const report =
    'report r = table({c: spearman(probe.validation[pairs: sp], against: probe.top1[pairs: sp], over: [grey, seed])})';
  const text = `let used = gain\n${report}\nexpect mean(used, over: [grey, seed]) > 0`;
  const early = (p: StagePoint) =>
    p.name === 'probe' && p.point.seed === '3' ? undefined : metricsOf(p);
  expect(find(text, early).tables[0]?.cells).toEqual([[undefined, undefined, undefined]]);
  const constant = (p: StagePoint) =>
    p.name === 'probe' ? { ...metricsOf(p), validation: 1 } : {};
  const [rho, interval, n] = find(text, constant).tables[0]?.cells[0] ?? [];
  expect(rho).toMatchObject({ count: 0, invalid: 1 });
  expect(interval).toBeUndefined();
  expect(n?.mean).toBe(6);
});

it('counts the points of a cell that have no result yet', () => {
  const early = ({ name, point }: StagePoint) =>
    name === 'probe' && point.seed !== '1' ? undefined : metricsOf({ name, point } as StagePoint);
  const { tables } = find(
    'report r = table({top1: probe.top1[pairs: sp]}, rows: grey, over: seed)',
    early,
  );
  expect(tables[0]?.cells[0]?.[0]).toMatchObject({ count: 1, pending: 2 });
});
