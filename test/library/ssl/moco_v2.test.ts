import { expect, it } from 'vitest';
import { make as moco } from '../../../src/library/ssl/moco_v2.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { checkMethod, startOf, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = {
  temperature: 0.2,
  queue: 36,
  momentum: 0.9,
  schedule: 'constant',
  symmetric: false,
  split_bn: 3,
  head: 'mlp',
  hidden: 9,
  dim: 6,
} as const;

// The loss is low while the queue is random, and among 36 pairs an image's own older keys keep it up.
checkMethod('MoCo v2', () => moco({ ...small, queue: 30, split_bn: 2 }), {
  falling: ({ accuracy = 0 }) => 1 - accuracy,
  settled: 1,
});

it('gives losses, gradients, weights, keys and queue as the official code does', () => {
  replaySteps('moco_v2', moco(small));
});

it('takes the keys of both directions into the queue after both losses', () => {
  replaySteps('moco_v2-symmetric', moco({ ...small, symmetric: true }));
});

it('starts with a copy as key encoder and a queue of random rows of length 1', () => {
  const { trained, state } = startOf(moco({ ...small, hidden: null }));
  expect(shapesOf(trained)).toEqual({
    'projector.0.weight': [4, 4],
    'projector.0.bias': [4],
    'projector.2.weight': [4, 6],
    'projector.2.bias': [6],
  });
  const weight = (of: typeof trained, name: string) => Array.from(pick(of, name).dataSync());
  const first = 'projector.0.weight';
  expect(weight(state, `key.${first}`)).toEqual(weight(trained, first));
  const queue = pick(state, 'queue');
  expect(queue.shape).toEqual([36, 6]);
  for (const length of tf.norm(queue, 2, 1).dataSync()) expect(length).toBeCloseTo(1, 5);
  expect(Math.abs(tf.mean(queue).dataSync()[0] ?? 1)).toBeLessThan(0.1);
});

it('is MoCo v1 by one linear layer', () => {
  expect(shapesOf(startOf(moco({ ...small, head: 'linear' })).trained)).toEqual({
    'projector.0.weight': [4, 6],
    'projector.0.bias': [6],
  });
});

it('changes all of its queue, also where a batch has more keys than it holds', async () => {
  for (const queue of [30, 7]) {
    const start = startOf(moco({ ...small, queue }));
    const before = pick(start.state, 'queue').dataSync();
    const { tensors, rows } = await trainMethod(moco({ ...small, queue }), { seed: 0 });
    const after = tensors.get('state.queue') ?? new Float32Array();
    expect(after.length).toBe(queue * 6);
    expect(after.every((value, place) => value !== before[place])).toBe(true);
    expect(rows.at(-1)?.queue_filled).toBe(1);
  }
});

it('says that a batch cannot be split', async () => {
  await expect(trainMethod(moco({ ...small, split_bn: 8 }))).rejects.toMatchObject({
    code: 'split-batch',
    message: expect.stringContaining('`split_bn: 8` cannot divide a batch of 12'),
  });
});
