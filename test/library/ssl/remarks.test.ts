import { expect, it } from 'vitest';
import { make as deepcluster } from '../../../src/library/ssl/deepcluster_v2.js';
import { make as dino } from '../../../src/library/ssl/dino.js';
import { make as moco } from '../../../src/library/ssl/moco_v2.js';
import { make as nnclr } from '../../../src/library/ssl/nnclr.js';
import { make as pirl } from '../../../src/library/ssl/pirl.js';
import { make as swav } from '../../../src/library/ssl/swav.js';

const heads = { hidden: 8, dim: 4 };
const mocoOf = (queue: number, symmetric = false, given: { head?: 'linear' } = {}) =>
  moco({
    ...{ ...heads, temperature: 0.2, queue, momentum: 0.9, schedule: 'constant', symmetric },
    ...{ split_bn: 1, head: 'mlp', ...given },
  });
const nnclrOf = (queue: number) =>
  nnclr({ ...heads, temperature: 0.1, queue, predictor: 8, candidates: 'predictions' });
const swavOf = (frozen_steps: number, queue = 0, queue_epoch = 15) =>
  swav({
    ...{ ...heads, prototypes: 3, temperature: 0.1, epsilon: 0.05, sinkhorn_iterations: 3 },
    ...{ frozen_steps, queue, queue_epoch, bias: false },
  });
const dinoOf = (frozen_epochs: number, warmup_epochs: number, warmup_temperature = 0.04) =>
  dino({
    ...{ ...heads, prototypes: 5, student_temperature: 0.1, teacher_temperature: 0.07 },
    ...{ warmup_temperature, warmup_epochs, momentum: 0.9, schedule: 'cosine', frozen_epochs },
    ...{ centre_momentum: 0.9, norm_last_layer: true, layers: 3, norm: false },
    teacher_head: 'copy',
  });
const pirlOf = (negatives: number) =>
  pirl({
    ...{ negatives, temperature: 0.07, momentum: 0.5, lambda: 0.5, start: 'random', dim: 4 },
    statistics: 'both',
  });

/** 20 steps of 8 pairs. */
const length = { epochs: 2, steps: 20, batch: 8, pairs: 80 };

it('says that a queue is too short for a batch, or too long for the training', () => {
  expect(mocoOf(4).remarks?.(length)).toEqual([
    'the queue of 4 is shorter than the 8 keys that a step adds: it holds the last 4 of them alone',
  ]);
  expect(nnclrOf(170).remarks?.(length)).toEqual([
    'the queue of 170 is never full: 20 steps of 8 projections leave 10 of the random rows that it begins with; take a shorter `queue`',
  ]);
  expect(mocoOf(100).remarks?.(length)).toEqual([
    'the queue of 100 is longer than the 80 keys that an epoch adds at most: a pair meets keys of its own in it, of epochs before; take a shorter `queue`',
  ]);
  for (const method of [mocoOf(8), mocoOf(80), mocoOf(160, true), nnclrOf(64)])
    expect(method.remarks?.(length)).toEqual([]);
});

it('says that what rests at first rests to the end, and what opens later never does', () => {
  expect(swavOf(313).remarks?.(length)).toEqual([
    'the prototypes rest for `frozen_steps: 313`, and the training has 20 steps: they stay as they begin; take fewer, about the steps of an epoch',
  ]);
  expect(swavOf(10, 16).remarks?.(length)).toEqual([
    'the queue is filled from `queue_epoch: 15` on, which is counted from 0, and the training has 2 epochs: it is never used',
  ]);
  expect(swavOf(10, 80, 1).remarks?.(length)).toEqual([
    'the queue of 80 is used when it is full, after 10 steps of 8 pairs from epoch 1 on (counted from 0), and the training has 10: it is never used; take a shorter `queue`, or an earlier `queue_epoch`',
  ]);
  expect(swavOf(10, 72, 1).remarks?.(length)).toEqual([]);
  expect(swavOf(10).remarks?.(length)).toEqual([]);
  expect(dinoOf(2, 3).remarks?.(length)).toEqual([
    'the last layer rests for `frozen_epochs: 2`, and the training has 2 epochs: its prototypes stay as they begin',
    "the teacher's temperature comes to its end after `warmup_epochs: 3`, and the training has 2 epochs: it never is `teacher_temperature`",
  ]);
  expect(dinoOf(1, 2).remarks?.(length)).toEqual([]);
  expect(dinoOf(1, 1).remarks?.(length)).toEqual([]);
  expect(dinoOf(0, 1).remarks?.({ ...length, epochs: 1 })).toEqual([
    "the teacher's temperature comes to its end after `warmup_epochs: 1`, and the training has 1 epoch: it never is `teacher_temperature`",
  ]);
  expect(dinoOf(1, 0, 0.07).remarks?.(length)).toEqual([]);
});

it('says what is given and has no effect', () => {
  expect(dinoOf(1, 9, 0.07).remarks?.(length)).toEqual([
    '`warmup_epochs` changes nothing, as `warmup_temperature` is `teacher_temperature`: give the one it begins with',
  ]);
  expect(dinoOf(1, 0, 0.04).remarks?.(length)).toEqual([]);
  expect(dinoOf(1, 0, 0.05).remarks?.(length)).toEqual([
    '`warmup_temperature` is not used, as `warmup_epochs` is 0: the temperature is `teacher_temperature` throughout',
  ]);
  expect(mocoOf(80, false, { head: 'linear' }).remarks?.(length)).toEqual([
    '`hidden` is not used, as `head: "linear"` has no hidden layer',
  ]);
});

it('says that more negatives are drawn than there are pairs, and refuses no prototypes', () => {
  expect(pirlOf(81).remarks?.(length)).toEqual([
    '`negatives: 81` are drawn from the memory of 80 pairs, so that each stands among them several times: take fewer',
  ]);
  expect(pirlOf(80).remarks?.(length)).toEqual([]);
  expect(() => deepcluster({ ...heads, prototypes: [], temperature: 0.1, iterations: 10 })).toThrow(
    expect.objectContaining({ code: 'no-prototypes' }),
  );
});
