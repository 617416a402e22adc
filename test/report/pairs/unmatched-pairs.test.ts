import { expect, it } from 'vitest';
import { remarksOf } from '../../../src/report/remarks.js';
import { outcome } from '../fixture.js';

/** A set of pairs as its stage tells of it. */
function set(
  name: string,
  point: Readonly<Record<string, string>>,
  facts?: Readonly<Record<string, string | number>>,
) {
  const made = outcome(name, point, {});
  if (!made.record) throw new Error('the fixture has a result');
  const { record } = made;
  return {
    ...made,
    record: { ...record, output: { ...record.output, type: 'Pairs' }, ...(facts ? { facts } : {}) },
  };
}

/** A training on a set. */
function training(point: Readonly<Record<string, string>>, on: ReturnType<typeof set>) {
  const made = outcome('encoder', point, {});
  return { ...made, planned: { ...made.planned, inputs: [on.planned.id] } };
}

const facts = (pairs: number, each: number | string = 157) => ({
  pairs,
  classes: 187,
  'pairs of a class': each,
});

it('remarks sets of different size that an axis of sets compares, once for all repetitions', () => {
  const outcomes = ['1', '2'].flatMap((seed) => {
    const sp = set('pairs', { pairs: 'sp', seed }, facts(29359));
    const ap = set('pairs', { pairs: 'ap', seed }, facts(29359));
    const control = set('pairs', { pairs: 'control', seed }, facts(58718, 314));
    return [
      ...[sp, ap, control],
      training({ pairs: 'sp', seed }, sp),
      training({ pairs: 'ap', seed }, ap),
      training({ pairs: 'control', seed }, control),
    ];
  });
  const ids = ['1', '2'].flatMap((seed) => [
    `pairs[pairs=sp,seed=${seed}]`,
    `pairs[pairs=control,seed=${seed}]`,
  ]);
  expect(remarksOf(outcomes)).toEqual([
    {
      text: 'the pairs that `pairs` compares are not matched: sp has 29,359 pairs of 187 classes, 157 of each; control has 58,718 pairs of 187 classes, 314 of each',
      ids,
    },
  ]);
});

it('says it of sets that are declared apart, and not of one set that varies in size', () => {
  const sp = set('semantic', {}, facts(187, 1));
  const ap = set('augmented', {}, facts(200, '1 (ant) to 2 (bee)'));
  const declared = [sp, ap, training({ kind: 'sp' }, sp), training({ kind: 'ap' }, ap)];
  expect(remarksOf(declared)).toMatchObject([
    { text: expect.stringContaining('200 pairs of 187 classes, 1 (ant) to 2 (bee) of each') },
  ]);
  const few = set('subset', { n: '50' }, facts(9350, 50));
  const many = set('subset', { n: '157' }, facts(29359));
  const sizes = [few, many, training({ n: '50' }, few), training({ n: '157' }, many)];
  expect(remarksOf(sizes)).toEqual([]);
});

it('lets an evaluation measure any sets', () => {
  const sp = set('pairs', { pairs: 'sp' }, facts(187));
  const ap = set('pairs', { pairs: 'ap' }, facts(200));
  const audits = [
    { on: sp, pairs: 'sp' },
    { on: ap, pairs: 'ap' },
  ].map(({ on, pairs }) => {
    const made = outcome('audit', { pairs }, { metrics: { precision: 1 } });
    return { ...made, planned: { ...made.planned, inputs: [on.planned.id] } };
  });
  expect(remarksOf([sp, ap, ...audits])).toEqual([]);
});

it('says nothing of results that tell nothing of themselves', () => {
  const sp = set('pairs', { pairs: 'sp' }, facts(187));
  const ap = set('pairs', { pairs: 'ap' });
  const outcomes = [sp, ap, training({ pairs: 'sp' }, sp), training({ pairs: 'ap' }, ap)];
  expect(remarksOf(outcomes)).toEqual([]);
});
