import { expect, it } from 'vitest';
import { errorsIn, paramsIn, pointsIn } from './study.js';

const given = `
axis s = [1, 2, 6]
axis n = [none, 4]
axis k = {a: 1, b: 2}
extern stage ev(i: Int(1..) = 1, x: Float = 0.0) -> Metrics{top1: Fraction, n: Int} command "ev {i} {x} {out}"
`;
const x = (value: string) => paramsIn(`${given}evaluate e = ev(x: ${value})`, 'e').x;

it('gives a stage what is reduced over values that are known when planning', () => {
  expect(x('mean(s, over: s)')).toBe(3);
  expect(x('max(s, over: s) + min(s, over: s)')).toBe(7);
  expect(x('std(s[s: {1, 2}], over: s)')).toBeCloseTo(Math.SQRT1_2);
  expect(x('count(n, over: n)')).toBe(1);
  expect(x('mean(s * k, over: [s, k])')).toBe(4.5);
  expect(x('ci95(s, over: s).low')).toBeCloseTo(-3.5724, 3);
  const each = pointsIn(`${given}let top = max(s * k, over: s)\nevaluate e = ev(top)`);
  expect(each.map(({ params }) => params.i)).toEqual([6, 12]);
  // a choice by one is known, too
  expect(x('if max(s, over: s) > 5 then 1.0 else 2.0')).toBe(1);
});

it('checks it as any known value, and refuses what is reduced over results', () => {
  const errors = (text: string) => errorsIn(`${given}${text}`);
  expect(errors('evaluate e = ev(min(s - 1, over: s))')).toEqual(['out-of-range']);
  expect(errors('evaluate e = ev(x: 1 / (min(s, over: s) - 1))')).toEqual(['division-by-zero']);
  expect(errors('evaluate e = ev(s)\nevaluate f = ev(max(e.n, over: s))')).toEqual(['late-value']);
  expect(errors('evaluate e = ev(s)\nevaluate f = ev(count(e.top1, over: s))')).toEqual([
    'late-value',
  ]);
});

it('says where a spread is asked of one value', () => {
  const one = (value: string) => () => x(value);
  const told = (operator: string) =>
    `\`${operator}\` at study.ssp:6 is asked of one value, and needs two to give a number`;
  expect(one('std(s[s: {1}], over: s)')).toThrow(told('std'));
  expect(one('std(n, over: n)')).toThrow(told('std'));
  expect(one('ci95(n, over: n).low')).toThrow(told('ci95'));
  // what is not asked is not told
  expect(x('if 1 > 2 then std(n, over: n) else 1.5')).toBe(1.5);
  // points without any value are left out, as everywhere
  const some = `${given}evaluate e = ev(x: std(s * k[k: {a}], over: s))`;
  expect(pointsIn(some).map(({ id }) => id)).toEqual(['e[k=a]']);
});

it('takes two values and an axis for a rank correlation', () => {
  const errors = (value: string) => errorsIn(`${given}evaluate e = ev(s)\nexpect ${value} > 0.5`);
  expect(errors('spearman(e.top1, against: e.n, over: s).rho')).toEqual([]);
  expect(errors('spearman(e.top1, over: s).rho')).toEqual(['built-in-arguments']);
  expect(errors('spearman(e.top1, e.n).rho')).toEqual(['built-in-arguments']);
  expect(errors('spearman(e.top1, against: e, over: s).rho')).toEqual(['wrong-operand']);
  expect(errors('spearman(e.top1, against: e.n, over: s).p')).toEqual(['unknown-field']);
  expect(errors('ranking(e.top1)[s: 1]')).toEqual(['built-in-arguments']);
  expect(x('spearman(s, against: s * s, over: s).rho')).toBeCloseTo(1, 10);
  expect(x('mean(ranking(s, over: s), over: s)')).toBe(2);
});
