import { expect, it } from 'vitest';
import { make as constant } from '../../../src/library/optim/constant.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as steps } from '../../../src/library/optim/steps.js';
import type { Schedule } from '../../../src/library/stage.js';
import { expectClosePlain, jsonOf } from '../../tensor/parity.js';

// 4 epochs of 5 steps, as in make_optimisers.py.
const factors = (schedule: Schedule): number[] =>
  Array.from({ length: 20 }, (_, step) => schedule.scale(step, 20, 5));
const reference = jsonOf<Record<string, number[]>>('schedules');

it('falls as the schedules of torch', () => {
  for (const [name, schedule] of [
    ['cosine', cosine({ warmup: 0, start: null, final: 0, every: 'step' })],
    ['cosine_final', cosine({ warmup: 0, start: null, final: 0.1, every: 'step' })],
    ['cosine_warmup', cosine({ warmup: 0.8, start: null, final: 0, every: 'step' })],
    ['linspace', cosine({ warmup: 1, start: 0.0625, final: 0.001, every: 'step' })],
    ['by_epoch', cosine({ warmup: 0, start: null, final: 0, every: 'epoch' })],
    ['by_epoch_warmup', cosine({ warmup: 2, start: null, final: 0, every: 'epoch' })],
    ['steps', steps({ at: [1, 3], factor: 0.1 })],
  ] as const) {
    expectClosePlain(`schedules: ${name}`, factors(schedule), reference[name] ?? [], 1e-12);
  }
  expect(new Set(factors(constant({})))).toEqual(new Set([1]));
});

it('rises for the whole training when the warm-up is longer than it', () => {
  expect(factors(cosine({ warmup: 10, start: null, final: 0, every: 'step' }))).toEqual(
    Array.from({ length: 20 }, (_, step) => (step + 1) / 20),
  );
});

it('says what a training of that length makes of it', () => {
  const said = (schedule: Schedule) => schedule.remark?.(20, 5);
  const cosineOf = (warmup: number, every: 'step' | 'epoch') =>
    said(cosine({ warmup, start: null, final: 0, every }));
  for (const every of ['step', 'epoch'] as const) {
    expect(cosineOf(3, every)).toBeUndefined();
    expect(cosineOf(0, every)).toBeUndefined();
    expect(cosineOf(0.01, every)).toBe(
      `the warm-up of 0.01 epochs is less than half of one ${every}, so there is none`,
    );
    expect(cosineOf(4, every)).toContain('the warm-up of 4 epochs takes all of the training of 4');
    expect(cosineOf(10, every)).toContain('of 10 epochs is longer than the training of 4 epochs');
  }
  expect(said(steps({ at: [1, 3], factor: 0.1 }))).toBeUndefined();
  expect(said(steps({ at: [3, 4, 9], factor: 0.1 }))).toBe(
    'the learning rate does not fall after epoch 4, 9: the training has 4',
  );
  expect(said(steps({ at: [], factor: 0.1 }))).toBe(
    'the learning rate never falls: the list `at` is empty',
  );
  expect(said(constant({}))).toBeUndefined();
});

it('gives a warm-up by epoch that begins in its first one, whatever the length of epochs', () => {
  const schedule = cosine({ warmup: 4, start: 0.25, final: 0, every: 'epoch' });
  const factor = (epoch: number) => schedule.scale(epoch * 1000, 10_000, 1000);
  expect([0, 1, 2, 3, 4].map(factor)).toEqual([0.25, 0.5, 0.75, 1, 1]);
  expect(schedule.scale(999, 10_000, 1000)).toBe(0.25);
});

it('falls by whole epochs where a training passes over images with a step more than fits', () => {
  const schedule = cosine({ warmup: 0, start: null, final: 0, every: 'epoch' });
  // 4 epochs of 3.5 steps.
  const factors = Array.from({ length: 15 }, (_, step) => schedule.scale(step, 15, 3.5));
  expect(factors.slice(0, 14)).toEqual(
    [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3].map((at) => (1 + Math.cos((Math.PI * at) / 4)) / 2),
  );
  const long = cosine({ warmup: 4, start: null, final: 0, every: 'epoch' });
  expect(long.remark?.(15, 3.5)).toMatch(/takes all of the training of 4 epochs/);
  expect(steps({ at: [4], factor: 0.1 }).remark?.(15, 3.5)).toBe(
    'the learning rate does not fall after epoch 4: the training has 4',
  );
});
