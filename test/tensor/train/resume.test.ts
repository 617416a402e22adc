import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { asMatrix } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { crossEntropy } from '../../../src/tensor/losses/cross-entropy.js';
import { l2Normalise } from '../../../src/tensor/losses/l2-normalise.js';
import { emaShare, emaUpdate } from '../../../src/tensor/optim/ema.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { type TrainOptions, train } from '../../../src/tensor/train/train.js';
import { disposeReplaced, tensorsByName } from '../../../src/tensor/train/train-step.js';
import type { Training } from '../../../src/tensor/train/training.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const folder = (): string => mkdtempSync(join(tmpdir(), 'ssp-resume-'));
const epochs = 2;
const perEpoch = 5;
const steps = epochs * perEpoch;
const everyStep = Array.from({ length: steps - 1 }, (_, index) => index + 1);
const [batch, keys, d] = [2, 6, 3];

const normal = (step: number, rows: number): tf.Tensor2D => {
  const rng = createRng(1, 'toy', step);
  return tf.tensor2d(Float32Array.from({ length: rows * d }, rng.normal), [rows, d]);
};

/**
 * What methods keep beside weights, small: a teacher that follows, a queue of its keys (newest first, put
 * in after the loss), and a centre of what it said.
 */
function training(stopAt = Number.POSITIVE_INFINITY): Training {
  const names = (t: Record<string, tf.Tensor>) =>
    t as Record<'w' | 'teacher' | 'queue' | 'centre', tf.Tensor2D>;
  return {
    seed: 5,
    epochs,
    perEpoch,
    init: () => ({
      trained: { w: normal(-1, d) },
      state: {
        teacher: normal(-2, d),
        queue: l2Normalise(normal(-3, keys)),
        centre: tf.zeros([1, d]),
      },
      slots: {},
    }),
    inputs(step) {
      if (step === stopAt) throw new Error('killed');
      return { x: normal(step, batch) };
    },
    images: () => batch,
    rules: () => ({
      loss(trained, state, { x = tf.scalar(0) }) {
        const { w } = names(trained);
        const { teacher, queue, centre } = names(state);
        const q = l2Normalise(tf.matMul(asMatrix(x), w));
        const k = l2Normalise(tf.sub(tf.matMul(asMatrix(x), teacher), centre));
        const logits = tf.concat(
          [tf.sum(tf.mul(q, k), 1, true), tf.matMul(q, queue, false, true)],
          1,
        );
        const loss = crossEntropy(asMatrix(tf.div(logits, 0.2)), tf.zeros([batch], 'int32'));
        const kept = tf.slice(queue, 0, keys - batch);
        const mean = tf.mean(tf.matMul(asMatrix(x), teacher), 0, true);
        return {
          loss,
          state: {
            queue: tf.concat([k, kept]),
            centre: tf.add(tf.mul(centre, 0.9), tf.mul(mean, 0.1)),
          },
          // What is no number stays none.
          watch: { centre: tf.mean(centre), root: tf.sqrt(tf.sub(tf.mean(tf.zerosLike(w)), 1)) },
        };
      },
      update: (gradients, { trained }) => ({
        trained: { w: tf.sub(names(trained).w, tf.mul(names(gradients).w, 0.1)) },
        slots: {},
      }),
      after: ({ trained, state }, { progress }) => ({
        state: emaUpdate(
          { teacher: names(state).teacher },
          { teacher: names(trained).w },
          emaShare('cosine', 0.9, progress),
        ),
      }),
    }),
    rate: () => 0.1,
  };
}

interface Outcome {
  readonly numbers: Readonly<Record<string, readonly number[]>>;
  readonly history: unknown;
  readonly images: number;
}

async function outcome(
  what: Training,
  options: Pick<TrainOptions, 'checkpoint' | 'checkpointSeconds' | 'eager' | 'kept'>,
): Promise<{ result: Outcome; log: readonly string[] }> {
  const log: string[] = [];
  const { final, history, images } = await train(what, {
    ...options,
    progress: () => undefined,
    log: (line) => log.push(line),
    precision: 'fp32',
  });
  const numbers = Object.fromEntries(
    Object.entries(tensorsByName(final)).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
  disposeReplaced(final);
  return { result: { numbers, history, images }, log };
}

it('ends alike when stopped before any of its steps: teacher, queue and centre go on', async () => {
  for (const eager of [false, true]) {
    const { result } = await outcome(training(), { checkpoint: folder(), eager });
    for (const step of eager ? everyStep : [2, 8]) {
      const checkpoint = folder();
      await expect(outcome(training(step), { checkpoint, eager })).rejects.toThrow('killed');
      const resumed = await outcome(training(), { checkpoint, eager });
      expect(resumed.result).toEqual(result);
      const whole = Math.floor(step / perEpoch) * perEpoch;
      expect(resumed.log).toEqual(whole === 0 ? [] : [`going on after step ${whole} of ${steps}`]);
    }
  }
});

it('goes on within an epoch, with the same rows of history', async () => {
  for (const eager of [false, true]) {
    const { result } = await outcome(training(), { checkpoint: folder(), eager });
    for (const step of eager ? everyStep : [2, 8]) {
      const checkpoint = folder();
      const often = { checkpoint, checkpointSeconds: 0, eager };
      await expect(outcome(training(step), often)).rejects.toThrow('killed');
      const resumed = await outcome(training(), { checkpoint, eager });
      expect(resumed.result).toEqual(result);
      expect(resumed.log).toEqual([`going on after step ${step} of ${steps}`]);
    }
  }
});

it('saves after its step when it is asked to end, and goes on there', async () => {
  const { result } = await outcome(training(), { checkpoint: folder(), eager: true });
  const listeners = process.listenerCount('SIGTERM');
  for (const at of everyStep.slice(0, -1)) {
    const checkpoint = folder();
    const asked = { ...training(), fetch: (step: number) => askedAt(at, step) };
    await expect(outcome(asked, { checkpoint, eager: true })).rejects.toMatchObject({
      code: 'stopped',
      message: `it was asked to end, and saved what it had after step ${at + 1} of ${steps}`,
    });
    const resumed = await outcome(training(), { checkpoint, eager: true });
    expect(resumed.result).toEqual(result);
    expect(resumed.log).toEqual([`going on after step ${at + 1} of ${steps}`]);
  }
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
});

/** Asks this process to end while a step is at work: what the next computes on is fetched then. */
function askedAt(at: number, next: number): undefined {
  if (next === at + 1) process.emit('SIGTERM', 'SIGTERM');
}

it('keeps the newest keys first, and drops the oldest', async () => {
  const { result } = await outcome(training(), { checkpoint: folder(), eager: true });
  const rows = result.numbers['state.queue'] ?? [];
  expect(rows).toHaveLength(keys * d);
  const before = await outcome({ ...training(), epochs: 1 }, { checkpoint: folder(), eager: true });
  const old = before.result.numbers['state.queue'] ?? [];
  // Five more batches of two have pushed all six out.
  expect(rows.some((value) => old.includes(value))).toBe(false);
});

it('has after an epoch what a training that is stopped there has, from a kept checkpoint or none', async () => {
  const [store, stopped] = [folder(), folder()];
  const file = (epoch: number) => join(store, String(epoch));
  const kept = (wanted: readonly number[], until?: number) => ({
    wanted,
    until,
    keep: (epoch: number, from: string) => linkSync(from, file(epoch)),
    nearest: () => (existsSync(file(1)) ? file(1) : undefined),
  });
  const plain = await outcome(training(), { checkpoint: folder() });
  const whole = await outcome(training(), { checkpoint: folder(), kept: kept([1, 2]) });
  expect(whole.result).toEqual(plain.result);
  expect(readdirSync(store)).toEqual(['1']);
  await expect(outcome(training(perEpoch + 1), { checkpoint: stopped })).rejects.toThrow('killed');
  expect(readFileSync(file(1))).toEqual(readFileSync(join(stopped, 'checkpoint.safetensors')));
  // A training that would fail in any step: none is done.
  const read = await outcome(training(0), { checkpoint: folder(), kept: kept([1], 1) });
  writeFileSync(file(1), 'damaged');
  const again = await outcome(training(perEpoch), { checkpoint: folder(), kept: kept([1], 1) });
  expect(again.log.join()).toContain('did not go on from a checkpoint');
  expect(again.result).toEqual(read.result);
  expect(again.result.history).toEqual((whole.result.history as unknown[]).slice(0, 1));
  expect(existsSync(file(1))).toBe(true);
});
