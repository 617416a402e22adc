import { beforeAll, expect, it } from 'vitest';
import { make as swav } from '../../../src/library/ssl/swav.js';
import { asMatrix } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { choicesUsed } from '../../../src/tensor/losses/entropy.js';
import { sinkhorn } from '../../../src/tensor/losses/sinkhorn.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../../tensor/parity.js';
import { checkMethod, startOf, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = {
  prototypes: 11,
  temperature: 0.1,
  epsilon: 0.05,
  sinkhorn_iterations: 3,
  frozen_steps: 1,
  queue: 15,
  queue_epoch: 1,
  hidden: 10,
  dim: 6,
  bias: false,
};

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

checkMethod('SwAV', () => swav(small));

it('gives losses, gradients, weights, prototypes and queue as the official code does', () => {
  replaySteps('swav', swav(small), { sharpness: 3 });
});

it('has prototypes with biases, as one library does, which rest while the prototypes do', () => {
  replaySteps('swav-bias', swav({ ...small, bias: true }), { sharpness: 3 });
});

it('has the official head, prototypes of length 1 without bias, and a queue of zeros if any', () => {
  const { trained, state } = startOf(swav(small));
  expect(shapesOf(trained)).toEqual({
    'projector.0.weight': [4, 10],
    'projector.0.bias': [10],
    'projector.1.weight': [10],
    'projector.1.bias': [10],
    'projector.3.weight': [10, 6],
    'projector.3.bias': [6],
    'prototypes.weight': [6, 11],
  });
  for (const length of tf.norm(pick(trained, 'prototypes.weight'), 2, 0).dataSync())
    expect(length).toBeCloseTo(1, 6);
  expect(shapesOf(state)).toEqual({ 'queue.0': [15, 6], 'queue.1': [15, 6] });
  expect(tf.max(pick(state, 'queue.0')).dataSync()[0]).toBe(0);
  expect(startOf(swav({ ...small, queue: 0 })).state).toEqual({});
});

it('assigns by Sinkhorn, where absent samples count as none and exp does not overflow', () => {
  const { scores, assignments } = tensorsOf('swav-assignments');
  const rules = { epsilon: 0.05, iterations: 3 };
  if (!scores || !assignments) throw new Error('no fixture');
  const found = sinkhorn(asMatrix(scores), rules);
  expectClose('Sinkhorn', found, assignments, 2e-5);
  const more = asMatrix(tf.concat([tf.fill([2, 7], 3), scores]));
  const present = tf.tensor2d([0, 0, ...Array.from({ length: 13 }, () => 1)], [15, 1]);
  const among = sinkhorn(more, rules, present);
  expectClose('Sinkhorn: some absent', tf.slice(among, [2, 0]), assignments, 2e-5);
  expect(tf.max(tf.slice(among, [0, 0], [2, 7])).dataSync()[0]).toBe(0);
  const far = sinkhorn(asMatrix(tf.mul(scores, 20)), rules);
  expect([...far.dataSync()].every(Number.isFinite)).toBe(true);
});

it('keeps the prototypes in its first steps, and fills the queue from its epoch on', async () => {
  const { tensors, rows } = await trainMethod(swav({ ...small, frozen_steps: 9 }), { epochs: 3 });
  const first = startOf(swav(small));
  expect(tensors.get('trained.prototypes.weight')?.length).toBe(
    pick(first.trained, 'prototypes.weight').size,
  );
  // Nothing but the rounding of their length.
  const moved = await trainMethod(swav({ ...small, frozen_steps: 0 }), { epochs: 3 });
  const slots = [...tensors].filter(([name]) => name.startsWith('slots.pace.prototypes.'));
  for (const [, values] of slots) expect(values.every((value) => value === 0)).toBe(true);
  expect(moved.tensors.get('trained.prototypes.weight')).not.toEqual(
    tensors.get('trained.prototypes.weight'),
  );
  // 12 of the queue's 15 rows are used; the row of an epoch is the mean over its steps.
  expect(rows.map((row) => row.queue_filled)).toEqual([0, expect.closeTo(2 / 3, 5), 1]);
  const ages = rows.map((row) => row.queue_age);
  expect(ages).toEqual([0, expect.closeTo((2 / 3) * (ages[2] ?? 0), 5), expect.any(Number)]);
  // Whole steps fill it.
  expect(ages[2]).toBe(Math.round(ages[2] ?? 0.5));
  expect(ages[2]).toBeGreaterThan(0);
});

it('says that a queue is shorter than a batch', async () => {
  await expect(trainMethod(swav({ ...small, queue: 5 }))).rejects.toMatchObject({
    code: 'queue-too-short',
    message: expect.stringContaining('queue of 5'),
  });
});

it('counts how many prototypes are used', () => {
  const one = tf.tensor2d([1, 0, 0, 0, 1, 0, 0, 0], [2, 4]);
  const two = tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 0], [2, 4]);
  expect(choicesUsed(one).dataSync()[0]).toBeCloseTo(1, 5);
  expect(choicesUsed(two).dataSync()[0]).toBeCloseTo(2, 5);
  expect(choicesUsed(tf.fill([3, 4], 0.25)).dataSync()[0]).toBeCloseTo(4, 5);
});
