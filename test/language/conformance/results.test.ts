import { expect, it } from 'vitest';
import { findingsOf } from '../../../src/execute/findings/findings.js';
import type { StagePoint } from '../../../src/plan/plan.js';
import { compileText, env, outcomesOf } from '../../execute/compile-text.js';

/** top1 of `p`: 10 % for each seed, squared; 3 % more for semantic pairs. */
const top1 = ({ point }: StagePoint) =>
  0.1 * Number(point.seed) ** 2 + (point.pairs === 'sp' ? 0.03 : 0);

const find = (where: string, last: string) => {
  const program = compileText(`
import std.lab.{images, semantic, augmented, pretrain, probe}
axis seed = [1, 2, 3]
dataset source = images(root: env.IMAGENET)
axis pairs = {sp: semantic(source), ap: augmented(source)}
train e = pretrain(pairs, seed: seed) ${where}
evaluate p = probe(e, source)
${last}`);
  const metrics = (p: StagePoint) => (p.name === 'p' ? { top1: top1(p), validation: 0 } : {});
  return findingsOf(program, outcomesOf(program, metrics), env);
};

/** What both sides of a comparison are, rounded. */
const value = (expression: string, where = '') => {
  const [found] = find(where, `expect ${expression} > 0`).expectations;
  return found?.sides.map((side) => Math.round((side.left ?? Number.NaN) * 1e6) / 1e6);
};

it('reduces over the points that are there', () => {
  const ap = (name: string) => `${name}(p.top1[pairs: ap], over: seed)`;
  expect(value(ap('mean'))).toEqual([0.466667]);
  expect(value(ap('min'))).toEqual([0.1]);
  expect(value(ap('max'))).toEqual([0.9]);
  expect(value(ap('count'))).toEqual([3]);
  expect(value(ap('std'))).toEqual([0.404145]);
  const kept = 'where seed < 3';
  expect(value(ap('mean'), kept)).toEqual([0.25]);
  expect(value(ap('count'), kept)).toEqual([2]);
  expect(value('count(p.top1, over: [seed, pairs])', kept)).toEqual([4]);
});

it('aligns a difference by name and drops what has no partner', () => {
  const gain = 'p.top1[pairs: sp] - p.top1[pairs: ap]';
  expect(value(`mean(${gain}, over: seed)`)).toEqual([0.03]);
  const kept = 'where pairs is sp or seed == 2';
  expect(value(`count(${gain}, over: seed)`, kept)).toEqual([1]);
  expect(value(`mean(${gain}, over: seed)`, kept)).toEqual([0.03]);
});

it('pairs a confidence interval: what both sides share does not widen it', () => {
  const paired = 'ci95(p.top1[pairs: sp] - p.top1[pairs: ap], over: seed)';
  expect(value(`${paired}.low`)).toEqual([0.03]);
  expect(value(`${paired}.high`)).toEqual([0.03]);
  // mean 0.466667, deviation 0.404145, 4.302653 deviations of the mean of three
  const alone = 'ci95(p.top1[pairs: ap], over: seed)';
  expect(value(`${alone}.low`)).toEqual([-0.537286]);
  expect(value(`${alone}.high`)).toEqual([1.470619]);
});

it('shows published values beside the mean over the axes that are not fixed', () => {
  const { comparisons } = find(
    '',
    'reference "x" { p.top1[pairs: ap] = 50%, p.top1[seed: 1, pairs: sp] = 20% }',
  );
  const ours = comparisons.map((entry) => Math.round((entry.ours?.mean ?? 0) * 1e6) / 1e6);
  expect(ours).toEqual([0.466667, 0.13]);
});

it('correlates ranks over all axes that are named, and ranks along them', () => {
  // top1 grows with the seed; of pairs the semantic ones are ahead at each.
  expect(value('spearman(p.top1, against: p.top1, over: [seed, pairs]).rho')).toEqual([1]);
  expect(value('spearman(-p.top1, against: p.top1, over: [seed, pairs]).rho')).toEqual([-1]);
  expect(value('spearman(p.top1[pairs: sp], against: p.top1[pairs: ap], over: seed).n')).toEqual([
    3,
  ]);
  expect(value('mean(ranking(p.top1, over: [seed, pairs])[pairs: ap], over: seed)')).toEqual([4]);
  expect(value('ranking(p.top1, over: pairs)[pairs: ap]')).toEqual([2, 2, 2]);
  expect(value('ranking(p.top1[pairs: sp], over: seed)[seed: 1]', 'where seed < 3')).toEqual([2]);
});
