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
