import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { batchesOf } from '../../../src/tensor/train/batches.js';
import type { Moment } from '../../../src/tensor/train/moment.js';
import { train } from '../../../src/tensor/train/train.js';
import { disposeReplaced } from '../../../src/tensor/train/train-step.js';
import type { Training } from '../../../src/tensor/train/training.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const folder = (): string => mkdtempSync(join(tmpdir(), 'ssp-train-'));

/** Finds the mean of random images: a weight, a count of steps as state, a running teacher, momentum. */
function toy(rate = 0.1, stopAt = Number.POSITIVE_INFINITY): Training {
  return {
    seed: 3,
    epochs: 3,
    perEpoch: 4,
    init: () => ({
      trained: { w: tf.zeros([2]) },
      state: { teacher: tf.ones([2]), count: tf.scalar(0), untouched: tf.scalar(7) },
      slots: { w: tf.zeros([2]) },
    }),
    inputs(step) {
      if (step === stopAt) throw new Error('killed');
      const rng = createRng(3, 'toy', step);
      return { x: tf.tensor4d([rng.normal(), 1 + rng.normal()], [1, 1, 1, 2]) };
    },
    images: () => 5,
    rules: () => ({
      loss({ w }, { count }, { x }) {
        if (!w || !count || !x) throw new Error('missing');
        const away = tf.sub(w, tf.reshape(x, [2]));
        return {
          loss: tf.sum<tf.Scalar>(tf.square(away)),
          state: { count: tf.add(count, 1) },
          watch: { away: tf.max(tf.abs(away)) },
        };
      },
      update(gradients, { trained, slots }) {
        const w = tf.add(tf.mul(slots.w ?? 0, 0.5), gradients.w ?? 0);
        return { trained: { w: tf.sub(trained.w ?? 0, tf.mul(w, rate)) }, slots: { w } };
      },
      after: ({ trained: { w }, state: { teacher } }) => ({
        state: { teacher: tf.add(tf.mul(teacher ?? 0, 0.9), tf.mul(w ?? 0, 0.1)) },
      }),
    }),
    rate: () => rate,
  };
}

async function outcome(
  training: Training,
  checkpoint: string,
  log: string[] = [],
  eager = false,
): Promise<string> {
  const options = {
    checkpoint,
    progress: () => undefined,
    log: (line: string) => log.push(line),
    precision: 'fp32',
    eager,
  } as const;
  const { final, history, images, steps } = await train(training, options);
  const numbers = Object.fromEntries(
    Object.entries({ ...final.trained, ...final.state, m: final.slots.w ?? tf.scalar(0) }).map(
      ([name, tensor]) => [name, Array.from(tensor.dataSync())],
    ),
  );
  disposeReplaced(final);
  return JSON.stringify({ numbers, history, images, steps });
}

it('trains, counts images and writes a row for each epoch', async () => {
  const { numbers, history, images, steps } = JSON.parse(await outcome(toy(), folder()));
  expect(steps).toBe(12);
  expect(images).toBe(60);
  expect(numbers.count).toEqual([12]);
  expect(numbers.untouched).toEqual([7]);
  expect(history.map((row: { epoch: number }) => row.epoch)).toEqual([1, 2, 3]);
  expect(Object.keys(history[0])).toEqual(['epoch', 'loss', 'away', 'lr']);
});

it('gives the same numbers whether or not it was interrupted, at any step', async () => {
  const unbroken = await outcome(toy(), folder());
  for (const stopAt of [1, 4, 6, 11]) {
    const checkpoint = folder();
    await expect(outcome(toy(0.1, stopAt), checkpoint)).rejects.toThrow('killed');
    expect(await outcome(toy(), checkpoint)).toBe(unbroken);
  }
});

it('starts over when the checkpoint is cut off, and clears what a kill left behind', async () => {
  const unbroken = await outcome(toy(), folder());
  const checkpoint = folder();
  await expect(outcome(toy(0.1, 9), checkpoint)).rejects.toThrow('killed');
  const path = join(checkpoint, 'checkpoint.safetensors');
  writeFileSync(path, readFileSync(path).subarray(0, 300));
  writeFileSync(`${path}.new.123.part`, 'half');
  expect(await outcome(toy(), checkpoint)).toBe(unbroken);
  expect(readdirSync(checkpoint)).toEqual(['checkpoint.safetensors']);
});

it('starts over when one bit of the checkpoint is not what was written, wherever it lies', async () => {
  const unbroken = await outcome(toy(), folder());
  const checkpoint = folder();
  await expect(outcome(toy(0.1, 9), checkpoint)).rejects.toThrow('killed');
  const path = join(checkpoint, 'checkpoint.safetensors');
  const whole = readFileSync(path);
  const text = whole.toString('latin1');
  const places = {
    'length of the header': 1,
    'a digit of the progress': text.indexOf('steps') + 9,
    'a name': text.indexOf('trained.w') + 8,
    'the digest': text.indexOf('digest') + 20,
    'a number': whole.length - 1,
    'another number': whole.length - 30,
  };
  for (const [where, at] of Object.entries(places)) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    writeFileSync(path, flipped);
    const log: string[] = [];
    expect(await outcome(toy(), checkpoint, log), where).toBe(unbroken);
    expect(log, where).toEqual([
      expect.stringMatching(/^the training did not go on from a checkpoint: .*checkpoint/),
    ]);
  }
  // It goes on from what it wrote.
  writeFileSync(path, whole);
  const log: string[] = [];
  expect(await outcome(toy(), checkpoint, log)).toBe(unbroken);
  expect(log).toEqual(['going on after step 8 of 12']);
});

it('leaks no tensor', async () => {
  await outcome(toy(), folder());
  const before = tf.memory().numTensors;
  await outcome(toy(), folder());
  expect(tf.memory().numTensors).toBe(before);
});

it('stops at a loss that is no number and says where', async () => {
  await expect(outcome(toy(1e30), folder())).rejects.toMatchObject({
    code: 'nan-loss',
    message: expect.stringMatching(/at step \d+ \(epoch 1 of 3, learning rate 1e\+30\)/),
    help: expect.stringContaining('warm up'),
  });
});

/** Two weights: one that is all right, and one that breaks in the third step. */
function breaking(at: 'loss' | 'gradient' | 'weight' | 'state'): Training {
  const breaks = ({ step }: Moment): tf.Tensor => tf.cast(tf.equal(step, 2), 'float32');
  const overZero = (at: Moment): tf.Tensor => tf.div(1, tf.sub(1, breaks(at)));
  return {
    ...toy(),
    init: () => ({
      trained: { fine: tf.ones([2]), frail: tf.ones([2]) },
      state: { average: tf.ones([2]) },
      slots: {},
    }),
    rules: () => ({
      loss({ fine, frail }, _, __, numbers) {
        if (!fine || !frail) throw new Error('missing');
        const sum = tf.sum<tf.Scalar>(tf.mul(fine, frail));
        // The root of 0 has no gradient, and is a number.
        const root = tf.sum(tf.sqrt(tf.mul(frail, tf.sub(1, breaks(numbers)))));
        if (at === 'gradient') return { loss: tf.add<tf.Scalar>(sum, root), state: {} };
        const loss = at === 'loss' ? tf.mul<tf.Scalar>(sum, overZero(numbers)) : sum;
        return { loss, state: {} };
      },
      update: (_, { trained }, numbers) => ({
        trained: {
          frail: tf.mul(trained.frail ?? 0, at === 'weight' ? overZero(numbers) : 1),
          fine: tf.mul(trained.fine ?? 0, 1),
        },
        slots: {},
      }),
      after: ({ state: { average } }, numbers) => ({
        state: { average: tf.mul(average ?? 0, at === 'state' ? overZero(numbers) : 1) },
      }),
    }),
  };
}

it.each([
  ['loss', 'the loss is Infinity at step 3 (epoch 1 of 3, learning rate 0.1)'],
  ['gradient', 'the norm of the gradient of frail is NaN at step 3 (epoch 1 of 3,'],
  ['weight', 'the norm of weight frail is Infinity at step 3 (epoch 1 of 3,'],
  // Seen when the checkpoint is written.
  ['state', 'average is Infinity at step 4 (epoch 1 of 3,'],
] as const)('names what breaks first, a %s, and its step', async (at, message) => {
  for (const eager of [false, true]) {
    const failure = { code: 'nan-loss', message: expect.stringContaining(message) };
    await expect(outcome(breaking(at), folder(), [], eager)).rejects.toMatchObject(failure);
  }
});

it('deals every item at most once an epoch, in another order each epoch', () => {
  const { perEpoch, of } = batchesOf(1, 10, 3);
  expect(perEpoch).toBe(3);
  const epoch = (n: number) => [0, 1, 2].flatMap((step) => [...of(n * 3 + step)]);
  expect(new Set(epoch(0)).size).toBe(9);
  expect(epoch(1)).not.toEqual(epoch(0));
  expect(epoch(0)).toEqual([0, 1, 2].flatMap((step) => [...batchesOf(1, 10, 3).of(step)]));
});
