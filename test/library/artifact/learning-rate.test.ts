import { expect, it } from 'vitest';
import { baseRate } from '../../../src/library/artifact/learning-rate.js';

it('finds the rate of an optimiser, also within another', () => {
  const lars = { describe: 'std.optim.lars', version: 1, args: { lr: 0.3, vector_lr: 0.005 } };
  const clip = { describe: 'std.optim.clip', version: 1, args: { optimizer: lars, norm: 3 } };
  expect(baseRate(lars)).toBe(0.3);
  expect(baseRate(clip)).toBe(0.3);
  expect(baseRate({ ...clip, args: { ...clip.args, optimizer: clip } })).toBe(0.3);
});

it('is 1 where there is none, so that the factor shows', () => {
  expect(baseRate(undefined)).toBe(1);
  expect(baseRate({ describe: 'std.optim.other', version: 1, args: {} })).toBe(1);
});
