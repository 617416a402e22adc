import { expect, it } from 'vitest';
import { findingsOf } from '../../../src/execute/findings/findings.js';
import type { StagePoint } from '../../../src/plan/plan.js';
import { compileText, env, outcomesOf } from '../../execute/compile-text.js';
import { errorsIn, paramsIn } from './study.js';

const study = `
import std.lab.{images, semantic, augmented, pretrain, probe}
axis seed = [1, 2, 3]
axis grey = [10%, 20%, 30%]
dataset source = images(root: env.IMAGENET)
axis pairs = {sp: semantic(source), ap: augmented(source)}
train e = pretrain(pairs, grey, seed: seed)
evaluate p = probe(e, source)
`;

/** The validation split likes 20 % of grey, and the test split 30; semantic pairs are 1, 2, 3 points better. */
const metrics = ({ name, point }: StagePoint) => {
  if (name !== 'p' && name !== 'part') return {};
  const grey = Number(point.grey?.replace('%', ''));
  const seed = Number(point.seed);
  const gain = point.pairs === 'sp' ? 0.01 * seed : 0;
  return { top1: grey / 100 + gain, validation: grey === 20 ? 0.9 : 0.5 };
};

const find = (last: string) => {
  const program = compileText(`${study}${last}`);
  return findingsOf(program, outcomesOf(program, metrics), env);
};

/** What the left side of a comparison is, rounded. */
const value = (expression: string, unit = '> -100%') => {
  const [found] = find(`expect ${expression} ${unit}`).expectations;
  return found?.sides.map((side) => Math.round((side.left ?? Number.NaN) * 1e6) / 1e6);
};

it('picks a value at the point that another value chose', () => {
  const at = '[pairs: ap, seed: 1]';
  expect(value(`pick(p.top1${at}, by: p.validation${at}, over: grey)`)).toEqual([0.2]);
  expect(value(`pick(p.top1${at}, by: -p.validation${at}, over: grey)`)).toEqual([0.1]);
  // what chooses may vary over less than what is chosen
  const chosen =
    'pick(p.top1[pairs: ap], by: mean(p.validation[pairs: ap], over: seed), over: grey)';
  expect(value(chosen)).toEqual([0.2, 0.2, 0.2]);
  expect(value(`max(${chosen}, over: seed)`)).toEqual([0.2]);
  // of points that are equally good the first
  expect(value(`pick(p.top1${at}, by: p.top1${at} * 0, over: grey)`)).toEqual([0.1]);
});

it('shows the label that was chosen, in a table and in a condition', () => {
  const by = 'p.validation[pairs: ap, seed: 1]';
  const { expectations } = find(`expect argmax(${by}, over: grey) == "20%"`);
  expect(expectations.map(({ holds }) => holds)).toEqual([true]);
  const { tables } = find(`
report chosen = table({
  grey: argmax(p.validation, over: [grey, seed]),
  top1: pick(p.top1, by: p.validation, over: [grey, seed]),
}, rows: pairs)`);
  expect(
    tables[0]?.cells.map((row) => row.map((cell) => cell?.text ?? cell?.mean.toFixed(2))),
  ).toEqual([
    ['grey: 20%, seed: 1', '0.21'],
    ['grey: 20%, seed: 1', '0.20'],
  ]);
});

it('tests, and counts what a test would need', () => {
  const gain = 'p.top1[grey: 10%, pairs: sp] - p.top1[grey: 10%, pairs: ap]';
  expect(value(`p_value(${gain}, over: seed)`, '> 0')).toEqual([0.25]);
  expect(value(`least_p(${gain}, over: seed)`, '> 0')).toEqual([0.25]);
  expect(value(`sample_size(${gain}, over: seed)`, '> 0')).toEqual([5]);
  expect(value(`equivalence(${gain}, margin: 5%, over: seed)`, '> 0')).toEqual([0.017549]);
  const sides = 'p.top1[grey: 10%, pairs: sp], against: p.top1[grey: 10%, pairs: ap]';
  expect(value(`improvement(${sides}, over: seed)`)).toEqual([1]);
  expect(value('iqm(p.top1[pairs: ap], over: [seed, grey])')).toEqual([0.2]);
  const interval = 'iqm_ci95(p.top1[pairs: ap], over: [seed, grey], strata: grey)';
  expect(value(`${interval}.low`)).toEqual([0.2]);
});

it('leaves open what a missing result would decide', () => {
  const program = compileText(
    `${study}expect pick(p.top1[pairs: ap], by: p.validation[pairs: ap], over: [grey, seed]) > 0`,
  );
  expect(findingsOf(program, [], env).expectations.map(({ holds }) => holds)).toEqual([undefined]);
});

it('says nothing of numbers of which one is none', () => {
  const broken = 'p.top1 / (p.validation - 50%)';
  const { tables } = find(
    `report r = table({p: p_value(${broken}, over: seed)}, rows: [pairs, grey])`,
  );
  const [cell] = tables[0]?.cells[0] ?? [];
  expect([cell?.values, cell?.invalid]).toEqual([[], 1]);
  // whichever side it is on, and where it would be ranked: scipy's rankdata
  for (const asked of [
    `improvement(p.top1 * 1, against: ${broken}, over: [seed, grey])`,
    `ranking(${broken}, over: [seed, grey])`,
  ]) {
    const { expectations } = find(`expect ${asked} >= 0`);
    const lefts = expectations.flatMap(({ sides }) => sides.map(({ left }) => left));
    expect(new Set(lefts)).toEqual(new Set([Number.NaN]));
  }
});

it('takes no seeds together of which each lacks another point', () => {
  const left = (where: string) => {
    const part = `evaluate part = probe(e, source, k: 5) where ${where}\n`;
    const { tables } = find(
      `${part}report r = table({p: least_p(part.top1[pairs: ap], over: [seed, grey])})`,
    );
    return tables[0]?.cells[0]?.[0]?.mean;
  };
  const most = 'not (seed == 3 and grey == 30%)';
  expect(left(most)).toBe(0.5);
  expect(left(`${most} and not (seed == 2 and grey == 20%)`)).toBe(1);
  expect(
    left(`${most} and not (seed == 2 and grey == 20%) and not (seed == 1 and grey == 10%)`),
  ).toBe(undefined);
});

it('compares seeds on the same data set alone', () => {
  const other = 'p.top1[pairs: ap] + 2%';
  expect(value(`improvement(p.top1[pairs: sp], against: ${other}, over: [seed, grey])`)).toEqual([
    0.5,
  ]);
  // of all pairs of points it would be a third: 20 % of grey gives more than 10 % and 11 points
  const apart = 'p.top1[pairs: ap] + 11%';
  expect(value(`improvement(p.top1[pairs: sp], against: ${apart}, over: [seed, grey])`)).toEqual([
    0,
  ]);
});

it('is known when planning where all that it looks at is', () => {
  const given = `
axis s = [1, 2, 6]
extern stage ev(i: Int(1..) = 1, x: Float = 0.0, t: String = "") -> Metrics{top1: Fraction} command "ev {i} {x} {t} {out}"
`;
  const param = (name: string, text: string) =>
    paramsIn(`${given}evaluate e = ev(${text})`, 'e')[name];
  expect(param('i', 'i: pick(s, by: -(s - 2) * (s - 2), over: s)')).toBe(2);
  expect(param('t', 't: argmax(s, over: s)')).toBe('6');
  expect(param('x', 'x: p_value(s, over: s)')).toBe(0.25);
  const late = `${given}evaluate e = ev(s)\nevaluate f = ev(`;
  expect(errorsIn(`${late}i: pick(s, by: e.top1, over: s))`)).toEqual(['late-value']);
});

it('refuses forms and units that do not fit', () => {
  const of = (expression: string) =>
    errorsIn(`
axis s = [1, 2, 6]
axis t = [10px, 20px]
extern stage ev(i: Int = 1) -> Metrics{top1: Fraction, size: Pixels} command "ev {i} {out}"
evaluate e = ev(s)
expect ${expression} > 0`);
  expect(of('pick(e.top1, over: s)')).toEqual(['built-in-arguments']);
  expect(of('equivalence(e.top1, over: s)')).toEqual(['built-in-arguments']);
  expect(of('mean(e.top1, by: e.top1, over: s)')).toEqual(['built-in-arguments']);
  expect(of('equivalence(e.top1, margin: 3px, over: s)')).toEqual(['wrong-unit']);
  expect(of('equivalence(e.top1, margin: -1%, over: s)')).toEqual(['out-of-range']);
  expect(of('improvement(e.top1, against: e.size, over: s)')).toEqual(['unit-mismatch']);
  expect(of('pick(e.top1, by: "x", over: s)')).toEqual(['wrong-operand']);
  expect(of('pick(e.top1, by: e.top1, over: t)')).toEqual(['axis-not-here']);
  expect(of('iqm(e.top1, over: s, strata: s)')).toEqual(['built-in-arguments']);
  expect(of('mcnemar(e.top1, against: e.top1).exact')).toEqual([]);
  expect(of('mcnemar(e.top1, against: e.top1, over: s).exact')).toEqual(['built-in-arguments']);
  expect(of('mcnemar(e.top1, e.top1).exact')).toEqual(['built-in-arguments']);
  expect(of('mcnemar(e.top1, against: e.size).exact')).toEqual(['wrong-operand']);
  expect(of('mcnemar(50%, against: e.top1).exact')).toEqual(['wrong-operand']);
  expect(of('images_ci95(e.top1, against: e.top1).low')).toEqual([]);
  expect(of('images_ci95(e.top1, against: e.top1, over: s).low')).toEqual([]);
  expect(of('images_ci95(e.top1 - e.top1, against: e.top1).low')).toEqual(['wrong-operand']);
});

it('says of each difference in a table what it is of, with p and p among all', () => {
  const { tables } = find(`
let gain = p.top1[pairs: sp] - p.top1[pairs: ap]
report r = table({sp: p.top1[pairs: sp], gain, back: p.top1[pairs: ap] - p.top1[pairs: sp]}, rows: grey, over: seed)`);
  const said = tables[0]?.differences ?? [];
  expect(said.map(({ row, column }) => [row, column])).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
    [0, 2],
    [1, 2],
    [2, 2],
  ]);
  const [gain, , , back] = said;
  expect([gain?.first, gain?.second]).toEqual(['sp', 'p.top1[pairs: ap]']);
  expect([back?.first, back?.second]).toEqual(['p.top1[pairs: ap]', 'sp']);
  expect([gain?.count, gain?.p, gain?.least, gain?.holm]).toEqual([3, 0.25, 0.25, 1]);
  expect(gain?.mean).toBeCloseTo(0.02, 10);
  expect(gain?.interval.low).toBeCloseTo(-0.0048414, 6);
});
