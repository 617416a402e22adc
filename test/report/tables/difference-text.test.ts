import { expect, it } from 'vitest';
import {
  differenceNotes,
  differenceText,
  differenceTexts,
  fewPairsText,
} from '../../../src/report/tables/difference-text.js';
import { difference, table } from '../fixture.js';

const six = { ...difference, count: 6, p: 1 / 32, least: 1 / 32, holm: 1 / 32 };

it('says a difference with its interval, pairs and p, and where it is', () => {
  expect(differenceText(six, { ...table, differences: [six] })).toBe(
    'left beats right by 10.0 points (95 % interval +7.5 to +12.5 points, 6 paired seeds, p = 0.031) at a: a1, b: b1',
  );
  const back = { ...six, mean: -0.1, interval: { low: -0.125, high: -0.075 } };
  expect(differenceText(back, { ...table, differences: [back, back] })).toContain(
    'left is behind right by 10.0 points (95 % interval -12.5 to -7.5 points, 6 paired seeds, p = 0.031, 0.031 among all 2 by Holm)',
  );
  const time = { ...six, unit: 'Duration', mean: 90, interval: { low: 60, high: 120 } } as const;
  expect(differenceText(time, table)).toContain('left is above right by 1 min 30 s');
});

it('says where the interval alone tells a difference, and p does not', () => {
  const few = { ...six, count: 3, p: 0.25, least: 0.25, holm: 0.25 };
  expect(differenceText(few, { ...table, differences: [few] })).toContain(
    'left is ahead of right by 10.0 points, by the interval alone (95 % interval +7.5 to +12.5 points, 3 paired seeds, p = 0.25)',
  );
  const among = { ...six, holm: 0.094 };
  expect(differenceText(among, { ...table, differences: [among, among] })).toContain(
    'left is ahead of right by 10.0 points, by the interval alone (95 % interval +7.5 to +12.5 points, 6 paired seeds, p = 0.031, 0.094 among all 2 by Holm)',
  );
});

it('rounds no p to 0.05 that is above or below', () => {
  const said = (holm: number) => {
    const near = { ...six, p: 0.0496, holm };
    return differenceText(near, { ...table, differences: [near, near] });
  };
  expect(said(0.0496)).toContain('p = 0.0496, 0.0496 among');
  expect(said(0.0504)).toContain('p = 0.0496, 0.0504 among');
  expect(said(0.0499996)).toContain('0.0499996 among');
  expect(said(0.05)).toContain(' 0.05 among');
});

it('calls nothing better whose interval holds 0', () => {
  const open = { ...six, mean: 0.01, interval: { low: -0.01, high: 0.03 } };
  expect(differenceText(open, table)).toContain('left and right are not told apart: +1.0 points');
});

it('says what few pairs cannot show', () => {
  expect(fewPairsText({ ...table, differences: [difference] })).toBe(
    'with 3 paired seeds no p can be below 0.25: 0.05 needs 6 of them; the intervals take differences as normal',
  );
  expect(fewPairsText({ ...table, differences: [six] })).toBe('');
  expect(fewPairsText({ ...table, differences: [] })).toBe('');
});

const images = {
  images: 2448,
  interval: { low: 0.01, high: 0.062 },
  mcnemar: [
    { point: 'seed=1', first: 120, second: 88, exact: 0.0316, midP: 0.0271 },
    { point: 'seed=2', first: 90, second: 88, exact: 0.94, midP: 0.881 },
  ],
};

it('tells what the images say apart from what the seeds say', () => {
  expect(differenceText({ ...six, images }, { ...table, differences: [six] })).toBe(
    "left beats right by 10.0 points (95 % interval +7.5 to +12.5 points, 6 paired seeds, p = 0.031) at a: a1, b: b1; over test images, these seeds given: 95 % interval +1.0 to +6.2 points, 2,448 images, McNemar's mid-p below 0.05 in 1 of 2 pairs",
  );
  const none = { ...six, images: { none: 'no predictions are kept' } };
  const without = { ...table, differences: [none, none] };
  expect(differenceText(none, without)).toBe(differenceText({ ...six }, without));
  expect(differenceNotes(without)).toEqual([
    'intervals and p are over the pairs alone, not over test images: no predictions are kept',
  ]);
});

it('tells a single pair by its images alone', () => {
  const { row, column, first, second, mean, unit } = six;
  const one = { ...images, mcnemar: images.mcnemar.slice(0, 1) };
  const pair = { row, column, first, second, mean, unit, images: one };
  const singlePairs = [{ ...pair, holm: 0.027 }];
  expect(differenceTexts({ ...table, differences: [], singlePairs })).toEqual([
    "by the test images alone, left beats right by 10.0 points (95 % interval +1.0 to +6.2 points, 2,448 images, McNemar's exact p = 0.032, mid-p = 0.027: 120 and 88 images that one alone has right) at a: a1, b: b1; of other seeds one pair says nothing",
  ]);
  const many = [
    { ...pair, holm: 0.054 },
    { ...pair, row: 1, same: ['b'], holm: 0.054 },
  ];
  expect(differenceTexts({ ...table, differences: [], singlePairs: many })).toEqual(
    ['a: a1, b: b1', 'a: a2'].map(
      (place) =>
        `by the test images alone, left is ahead of right by 10.0 points, by the interval alone (95 % interval +1.0 to +6.2 points, 2,448 images, McNemar's exact p = 0.032, mid-p = 0.027: 120 and 88 images that one alone has right, 0.054 among all 2 by Holm) at ${place}; of other seeds one pair says nothing`,
    ),
  );
});
