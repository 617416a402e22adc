import { expect, it } from 'vitest';
import { type Draw, make as pirl, pirlBy } from '../../../src/library/ssl/pirl.js';
import type { Method } from '../../../src/library/stage.js';
import { make as pirlViews } from '../../../src/library/views/pirl_views.js';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { cutPatches, drawJigsaw, patchSizes } from '../../../src/tensor/jigsaw.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { pick, under } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { tensorsOf } from '../../tensor/parity.js';
import { checkMethod, startOf, type Training, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = { negatives: 15, temperature: 0.2, momentum: 0.5, lambda: 0.3, dim: 6 };
const seed = (value: number): tf.Tensor1D => tf.tensor1d([value, 0], 'int32');

loadTensorFlow({ threads: 2 });

checkMethod('PIRL', () => pirl(small));

it('gives losses, gradients, weights and memory as the official code does', () => {
  const reference = tensorsOf('pirl');
  const recorded: Draw = ({ step }) => {
    const drawn = under(reference, `step${step.dataSync()[0]}`);
    return {
      negatives: asVector(pick(drawn, 'negatives').toInt()),
      order: asMatrix(pick(drawn, 'order').toInt()),
      offsets: pick(drawn, 'offsets').toInt(),
    };
  };
  replaySteps('pirl', pirlBy(recorded)(small));
});

it('trains on its own views, of two sizes', async () => {
  const { views } = pirlViews({
    size: 12,
    patches_size: 24,
    scale: { low: 0.08, high: 1 },
    patches_scale: { low: 0.6, high: 1 },
    ratio: { low: 0.75, high: 4 / 3 },
    flip: 0.5,
    rotation: 0,
    jitter: 1,
    strength: 1,
    grayscale: 0.2,
  });
  const { rows } = await trainMethod(pirl(small), { epochs: 2, views });
  for (const row of rows) expect(row.loss).toBeGreaterThan(0);
});

it('starts with three linear heads and a memory of random rows of length 1', () => {
  const { trained, state } = startOf(pirl(small));
  expect(shapesOf(trained)).toEqual({
    'patch.0.weight': [4, 6],
    'patch.0.bias': [6],
    'jigsaw.0.weight': [54, 6],
    'jigsaw.0.bias': [6],
    'projector.0.weight': [4, 6],
    'projector.0.bias': [6],
  });
  expect(shapesOf(state)).toEqual({ memory: [36, 6], partition: [] });
  for (const length of tf.norm(pick(state, 'memory'), 2, 1).dataSync())
    expect(length).toBeCloseTo(1, 5);
});

it('moves the rows of the pairs that it saw, and sets the partition at the first step', async () => {
  let before: readonly number[] = [];
  const kept = pirl(small);
  const method: Method = {
    ...kept,
    init(start) {
      const made = kept.init(start);
      before = [...pick(made.state, 'memory').dataSync()];
      return made;
    },
  };
  // 36 pairs in one batch of 30: six rows stay as they were.
  const one = await trainMethod(method, { epochs: 1, batch: 30 });
  const after = [...(one.tensors.get('state.memory') ?? [])];
  const same = after.filter((value, place) => value === before[place]);
  expect([after.length, same.length]).toEqual([36 * 6, 6 * 6]);
  for (const length of tf.norm(tf.tensor2d(after, [36, 6]), 2, 1).dataSync())
    expect(length).toBeCloseTo(1, 5);
  const partitionOf = ({ tensors }: Training) => [...(tensors.get('state.partition') ?? [])];
  const [partition] = partitionOf(one);
  expect(partition).toBeGreaterThan(0);
  expect(partitionOf(await trainMethod(kept, { epochs: 2, batch: 30 }))).toEqual([partition]);
});

it('says how near images and patches are to the memory', async () => {
  const { rows } = await trainMethod(pirl(small));
  for (const row of rows)
    for (const name of ['positive', 'jigsaw_positive', 'negative'])
      expect(Math.abs(row[name] ?? 2)).toBeLessThanOrEqual(1);
});

it('cuts at 255 pixels as the official code, and in its ratio elsewhere', () => {
  expect(patchSizes(255)).toEqual({ cell: 85, patch: 64 });
  expect(patchSizes(32)).toEqual({ cell: 10, patch: 8 });
  expect(patchSizes(3)).toEqual({ cell: 1, patch: 1 });
  expect(() => patchSizes(2)).toThrow('a view of 2 pixels a side cannot be cut');
});

it('cuts each patch out of its own cell, where its offset says', () => {
  const [h, w] = [27, 30];
  const view = tf.reshape<tf.Rank.R4>(tf.range(0, 2 * h * w), [2, h, w, 1]);
  const drawn = drawJigsaw(view, seed(3));
  const cut = cutPatches(view, drawn);
  expect(cut.shape).toEqual([18, 7, 8, 1]);
  const order = [...drawn.order.dataSync()];
  const offsets = [...drawn.offsets.dataSync()];
  expect(order.slice(0, 9).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(new Set(offsets)).toEqual(new Set([0, 1]));
  const values = cut.dataSync();
  order.forEach((cell, place) => {
    const [down = 0, across = 0] = offsets.slice(2 * place);
    for (const [y, x] of [
      [0, 0],
      [6, 7],
      [3, 5],
    ] as const) {
      const line = Math.floor(place / 9) * h + Math.floor(cell / 3) * 9 + down + y;
      expect(values[place * 56 + y * 8 + x]).toBe(line * w + (cell % 3) * 10 + across + x);
    }
  });
});

it('shuffles each image by itself, by the seed', () => {
  const view = tf.zeros<tf.Rank.R4>([2, 27, 27, 3]);
  const by = (value: number) => [...drawJigsaw(view, seed(value)).order.dataSync()];
  expect(by(1)).toEqual(by(1));
  expect(by(2)).not.toEqual(by(1));
  expect(by(1).slice(0, 9)).not.toEqual(by(1).slice(9));
});
