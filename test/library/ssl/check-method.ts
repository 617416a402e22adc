import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as lars } from '../../../src/library/optim/lars.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import type {
  Augmentation,
  Backbone,
  Method,
  Optimizer,
  Schedule,
} from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { loadTensors } from '../../../src/tensor/stored-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../../tensor/parity.js';
import { everyChange, smallNetwork } from '../small-network.js';
import { contextOf, croppedViews, filesOf, freshFolder, syntheticPairs } from '../synthetic.js';

/** What a training left: a row an epoch, its files, and all that its last checkpoint holds. */
export interface Training {
  readonly rows: readonly Readonly<Record<string, number>>[];
  readonly files: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

export interface TrainingChoice {
  readonly backbone: Backbone;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly checkpoint: string;
  /** All of its views alike, … */
  readonly view: Augmentation;
  /** … or each. */
  readonly views: readonly Augmentation[];
}

const schedule = cosine({ warmup: 1, start: null, final: 0, every: 'step' });
/** Slow enough for comparisons: at larger rates 1e-7 of the weights becomes 1e-2 of the loss in four steps. */
export const slow = lars({
  lr: 0.1,
  vector_lr: 0.002,
  momentum: 0.9,
  eta: 0.01,
  decay: 1e-4,
  exclude: true,
  variant: 'official',
  clip: false,
});
export const adam = adamw({
  lr: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: 1e-2,
  final_decay: 0.1,
  exclude: false,
});
const quick = sgd({ lr: 0.1, momentum: 0.9, nesterov: false, decay: 1e-4, exclude: true });
const resnet = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });

/** Pretrains as `ssp run` does, on small pairs: 3 steps an epoch. */
export async function trainMethod(
  method: Method,
  choice: Partial<TrainingChoice> = {},
): Promise<Training> {
  const { checkpoint = freshFolder(), view = everyChange, ...rest } = choice;
  const { views = Array.from({ length: method.views }, () => view), ...given } = rest;
  const context = contextOf(
    {
      pairs: syntheticPairs(),
      method,
      views: { views },
      backbone: smallNetwork,
      optimizer: slow,
      schedule,
      epochs: 2,
      batch: 12,
      init: null,
      precision: 'fp32' as const,
      seed: 1,
      ...given,
    },
    { checkpoint },
  );
  await pretrain(context);
  const { tensors } = loadTensors(join(checkpoint, 'checkpoint.safetensors'));
  const values = Object.entries(tensors).map(
    ([name, tensor]) => [name, tensor.dataSync<'float32'>()] as const,
  );
  tf.dispose(tensors);
  const content = (name: string): string => readFileSync(join(context.out, name), 'base64');
  return {
    rows: JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8')).rows,
    files: Object.fromEntries(filesOf(context.out).map((name) => [name, content(name)])),
    tensors: new Map(values),
  };
}

export interface CheckOptions {
  /** What it learns by, where a quick rate is too much. */
  readonly learntBy?: Optimizer;
  /**
   * The optimiser by which compiled and eager steps are compared; default: Adam, which makes a gradient of
   * rounding alone as long as any other, and so does not do where weights without a gradient show in the loss.
   */
  readonly comparedBy?: Optimizer;
  /** The loss is a mean of numbers up to 1 that cancel: what rounding makes of it is of their size. */
  readonly cancels?: boolean;
  /** What has to fall from the epoch `settled` on; default: the loss, from the first epoch, 0. */
  readonly falling?: (row: Readonly<Record<string, number>>) => number;
  readonly settled?: number;
}

/**
 * Tests what has to hold of every method, by trainings as users run them: compiled and op by op it is
 * the same, resumed after any step it ends in the bytes of an unbroken training, it learns, it leaks
 * nothing, and its checkpoint holds all that it changes.
 */
export function checkMethod(
  name: string,
  make: () => Method,
  {
    comparedBy = adam,
    learntBy = quick,
    cancels = false,
    settled = 0,
    falling = (row) => row.loss ?? 0,
  }: CheckOptions = {},
): void {
  describe(`${name}, as any method`, () => {
    beforeAll(() => {
      loadTensorFlow({ threads: 2 });
    });
    afterEach(() => {
      delete process.env.SSP_EAGER;
      vi.restoreAllMocks();
    });

    it('trains alike compiled and op by op', async () => {
      const compiled = await trainMethod(make(), { optimizer: comparedBy, backbone: resnet });
      process.env.SSP_EAGER = '1';
      const eager = await trainMethod(make(), { optimizer: comparedBy, backbone: resnet });
      expectAlike(name, compiled, eager, { cancels });
    });

    it('ends in the same bytes unbroken and resumed after each step', async () => {
      const unbroken = await trainMethod(make());
      expect((await trainMethod(make(), { seed: 2 })).files).not.toEqual(unbroken.files);
      checkpointAtEachStep();
      const checkpoint = freshFolder();
      for (let step = 0; step < 6; step++) {
        const killed = trainMethod(make(), { checkpoint, schedule: failingAt(step) });
        await expect(killed, `at step ${step}`).rejects.toThrow('killed');
      }
      expect(await trainMethod(make(), { checkpoint })).toEqual(unbroken);
    });

    it('learns and spreads', async () => {
      const [view] = croppedViews.views;
      const choice = { backbone: resnet, optimizer: learntBy, epochs: 8, ...(view && { view }) };
      const { rows } = await trainMethod(make(), choice);
      const [first = 0, before = 0, last = 0] = [rows[settled], rows.at(-2), rows.at(-1)].map(
        (row = {}) => falling(row),
      );
      expect((before + last) / 2).toBeLessThan(first);
      expect(rows.at(-1)?.feature_std).toBeGreaterThan(0.05);
    });

    it('leaks no tensor, and its checkpoint holds all that it trains and keeps', async () => {
      const before = tf.memory().numTensors;
      const { tensors } = await trainMethod(make());
      expect(tf.memory().numTensors).toBe(before);
      const start = startOf(make());
      const kept = [...tensors.keys()];
      expect(kept).toEqual(
        expect.arrayContaining([
          ...Object.keys(start.trained).map((key) => `trained.${key}`),
          ...Object.keys(start.state).map((key) => `state.${key}`),
        ]),
      );
      tf.dispose([start.trained, start.state]);
    });
  });
}

/** What a method begins with, for a small encoder and 36 pairs. */
export function startOf(method: Method): ReturnType<Method['init']> {
  loadTensorFlow({ threads: 2 });
  const rng = createRng(0);
  const encoder = smallNetwork.init(rng);
  const { features, init: another } = smallNetwork;
  return method.init({ features, encoder, another, rng, pairs: 36 });
}

/** A schedule that fails at a step, as a killed process does. */
function failingAt(step: number): Schedule {
  return {
    scale(at, ...rest) {
      if (at === step) throw new Error('killed');
      return schedule.scale(at, ...rest);
    },
  };
}

/** An hour goes by whenever the time is read. */
function checkpointAtEachStep(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 3_600_000;
    return now;
  });
}

/** Columns of each method. What one watches besides may be near 0, as mean cosines are: it counts as of at least 1. */
const everyMethod: ReadonlySet<string> = new Set(['epoch', 'loss', 'feature_std', 'lr']);

/** Rows to 1e-5, weights and state to 5e-3: what float32 carries apart in six steps. */
export function expectAlike(
  label: string,
  found: Training,
  reference: Training,
  { cancels = false }: Pick<CheckOptions, 'cancels'> = {},
): void {
  expect(found.rows.length).toBe(reference.rows.length);
  found.rows.forEach((row, epoch) => {
    const expected = reference.rows[epoch] ?? {};
    expect(Object.keys(row)).toEqual(Object.keys(expected));
    for (const [column, value] of Object.entries(row)) {
      const item = `${label}: ${column} of epoch ${epoch + 1}`;
      const scale = Math.max(1, Math.abs(expected[column] ?? Number.NaN));
      const besideOne = cancels && column === 'loss';
      const one = everyMethod.has(column) && !besideOne ? [] : [1];
      const other = (expected[column] ?? Number.NaN) / scale;
      const limit = besideOne ? 2e-6 : 1e-5;
      expectClosePlain(item, [value / scale, ...one], [other, ...one], limit);
    }
  });
  expect([...found.tensors.keys()]).toEqual([...reference.tensors.keys()]);
  for (const [name, expected] of reference.tensors) {
    if (!isComparable(name)) continue;
    expectClosePlain(`${label}, weights: ${name}`, found.tensors.get(name) ?? [], expected, 5e-3);
  }
}

/**
 * Weights, statistics and teachers can be compared, but not a bias before a batch norm: its gradient is
 * nothing but rounding, which Adam makes as long as any other. Slots hold gradients, which some steps
 * on this small network carry apart.
 */
const isComparable = (name: string): boolean =>
  !name.startsWith('slots.') && !/\.\d+\.bias$/.test(name);
