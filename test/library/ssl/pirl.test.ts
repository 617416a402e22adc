import { expect, it } from 'vitest';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { type Draw, make as pirl, pirlBy } from '../../../src/library/ssl/pirl.js';
import type { Augmentation, Method } from '../../../src/library/stage.js';
import { make as pirlViews } from '../../../src/library/views/pirl_views.js';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { cutPatches, drawJigsaw, patchSizes } from '../../../src/tensor/jigsaw.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { pick, under } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { tensorsOf } from '../../tensor/parity.js';
import { everyChange } from '../small-network.js';
import { adam, checkMethod, startOf, type Training, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = {
  ...{ negatives: 15, temperature: 0.2, momentum: 0.5, lambda: 0.3, dim: 6 },
  ...{ start: 'random' as const, statistics: 'both' as const },
};
const still = sgd({ lr: 0, momentum: 0, nesterov: false, decay: 0, exclude: false });
const seed = (value: number): tf.Tensor1D => tf.tensor1d([value, 0], 'int32');

loadTensorFlow({ threads: 2 });

// At the quick rate its loss goes up and down by more than it falls.
checkMethod('PIRL', () => pirl(small), { learntBy: adam });
checkMethod('PIRL from images', () => pirl({ ...small, start: 'images', statistics: 'images' }), {
  // Rows begin near their own images, and are left behind while the network moves most.
  ...{ learntBy: adam, settled: 1 },
});

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

it('begins with the embeddings of the images of the first epoch where it is told to', async () => {
  // Rows stay as they begin, and nothing is learnt.
  const kept = { ...small, momentum: 1 };
  const run = (start: 'random' | 'images') =>
    trainMethod(pirl({ ...kept, start }), { epochs: 1, batch: 30, optimizer: still });
  const [random, images] = [await run('random'), await run('images')];
  const memoryOf = ({ tensors }: Training) =>
    tf.tensor2d([...(tensors.get('state.memory') ?? [])], [36, 6]);
  const [before, after] = [memoryOf(random), memoryOf(images)];
  const moved = tf.sum(tf.cast(tf.any(tf.notEqual(before, after), 1), 'int32')).dataSync()[0];
  expect(moved).toBe(30);
  for (const length of tf.norm(after, 2, 1).dataSync()) expect(length).toBeCloseTo(1, 5);
  // The images are seen again by other crops: nearer to their own embedding than to others'.
  const [row] = images.rows;
  expect(row?.positive).toBeGreaterThan(row?.negative ?? 1);
  expect(Math.abs(random.rows[0]?.positive ?? 1)).toBeLessThan(row?.positive ?? 0);
});

it('keeps the patches out of the running statistics where it is told to', async () => {
  const statisticsOf = async (statistics: 'both' | 'images', view: Augmentation) => {
    const method = pirl({ ...small, statistics });
    const views = [everyChange, view];
    const { tensors } = await trainMethod(method, { epochs: 1, views, optimizer: still });
    const names = [...tensors.keys()].filter((name) => /^state\.encoder\..*mean/.test(name));
    expect(names.length).toBeGreaterThan(0);
    return names.map((name) => [...(tensors.get(name) ?? [])]);
  };
  const grey = { ...everyChange, grayscale: 1 };
  expect(await statisticsOf('images', grey)).toEqual(await statisticsOf('images', everyChange));
  expect(await statisticsOf('both', grey)).not.toEqual(await statisticsOf('both', everyChange));
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
