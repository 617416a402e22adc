import { beforeAll, expect, it } from 'vitest';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as steps } from '../../../src/library/optim/steps.js';
import { protocol as dino } from '../../../src/library/probe/linear_dino.js';
import { protocol as moco, run } from '../../../src/library/probe/linear_moco_v2.js';
import { run as runSimclr, protocol as simclr } from '../../../src/library/probe/linear_simclr.js';
import { protocol as vicreg } from '../../../src/library/probe/linear_vicreg.js';
import { recipeOf, type SgdProtocol } from '../../../src/library/sgd-probe.js';
import type { Schedule } from '../../../src/library/stage.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { nativeBackend } from '../../../src/tensor/native.js';
import { accuracy } from '../../../src/tensor/probe/linear-probe.js';
import { predictLogistic } from '../../../src/tensor/probe/logistic.js';
import { passesOver } from '../../../src/tensor/probe/passes.js';
import { trainBySgd } from '../../../src/tensor/probe/sgd.js';
import { standardise } from '../../../src/tensor/probe/standardise.js';
import { expectClosePlain, jsonOf } from '../../tensor/parity.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

interface Probe {
  readonly train: readonly number[][];
  readonly test: readonly number[][];
  readonly trainLabels: readonly number[];
  readonly testLabels: readonly number[];
}

interface Reference {
  readonly strides: readonly number[];
  readonly batch: number;
  readonly start: readonly number[][];
  readonly runs: readonly {
    readonly name: string;
    readonly rate: number;
    readonly weight: readonly number[][];
    readonly bias: readonly number[];
    readonly loss: number;
    readonly accuracy: number;
  }[];
}

const cosineBy = (every: 'step' | 'epoch') => cosine({ warmup: 0, start: null, final: 0, every });
const atSteps = steps({ at: [60, 80], factor: 0.1 });
const official: Readonly<Record<string, readonly [SgdProtocol, Schedule, decay: number]>> = {
  moco_v2: [moco, atSteps, 0],
  'moco_v2 with batch norm': [moco, atSteps, 0],
  dino: [dino, cosineBy('epoch'), 0],
  vicreg: [vicreg, cosineBy('epoch'), 1e-6],
  simclr: [simclr, cosineBy('step'), 0],
  'simclr with decay': [simclr, cosineBy('step'), 1e-2],
};

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const probe = jsonOf<Probe>('probe');
const reference = jsonOf<Reference>('sgd_probe');
/** As the fixture has them: in float32, which 32 divides without rounding. */
const small = (value: number): number => Math.fround(value) / 32;
const count = probe.train.length;
const d = 6;
const classes = 4;
const data = {
  features: Float32Array.from(probe.train.flat(), small),
  labels: Int32Array.from(probe.trainLabels),
  d,
  classes,
};

it.each(reference.runs)('trains a layer as $name, rate $rate', (theirs) => {
  const [protocol, schedule, decay] = official[theirs.name] ?? [moco, atSteps, 0];
  const batch_norm = theirs.name.endsWith('batch norm');
  const { batch, strides } = reference;
  const params = { batch, epochs: 100, seed: 0, decay, schedule, batch_norm };
  const recipe = recipeOf(params, protocol, { count, d, classes });
  const last = batch_norm ? 'left out' : protocol.last;
  const passes = passesOver({ count, batch, epochs: 100, last }, (epoch) =>
    Int32Array.from(
      { length: count },
      (_, i) => ((strides[epoch % 10] ?? 1) * i + 37 * epoch) % count,
    ),
  );
  expect([passes.steps, passes.perEpoch]).toEqual([recipe.passes.steps, recipe.passes.perEpoch]);
  const normal = { weight: Float64Array.from(reference.start.flat()), bias: new Float64Array(4) };
  const start = protocol.start === 'zeros' ? recipe.start : normal;
  const [fit] = trainBySgd(data, { ...recipe, passes, start }, [theirs.rate]);
  if (fit === undefined) throw new Error('one rate gives one layer');
  expectClosePlain(
    `linear evaluation, ${theirs.name}: weights`,
    fit.model.weight,
    theirs.weight.flat(),
    1e-5,
  );
  expectClosePlain(`linear evaluation, ${theirs.name}: biases`, fit.model.bias, theirs.bias, 1e-5);
  expectClosePlain(`linear evaluation, ${theirs.name}: loss`, [fit.loss], [theirs.loss], 1e-5);
  const seen = standardise(Float32Array.from(probe.test.flat(), small), fit.scaling);
  const { labels: predictions } = predictLogistic(fit.model, seen, d);
  expect(accuracy(predictions, Int32Array.from(probe.testLabels))).toBeCloseTo(theirs.accuracy, 10);
});

const common = {
  label: 'kind',
  train: 'train',
  validation: 'validation',
  test: 'test',
  epochs: 100,
  batch: 16,
  decay: 0,
  schedule: atSteps,
  batch_norm: false,
  held_out: 0.2,
  seed: 0,
};
const paramsOf = pixelProbe({ ...common, rates: [0.03] });

/** Images of one colour each: `train a 10` is one of split train, class a. */
const coloured = (...rows: readonly string[]) =>
  imagesOf(
    rows.map((row) => {
      const [split = '', name = '', level = ''] = row.split(' ');
      return { split, class: name, pixels: [Number(level), 30, 255 - Number(level)] };
    }),
  );

it('tells shapes from pixels, the same each time, and leaks no tensor', async () => {
  const params = await paramsOf();
  const { metrics } = await run(contextOf(params));
  const before = nativeBackend().binding.getNumOfTensors();
  expect((await run(contextOf(params))).metrics).toEqual(metrics);
  expect(nativeBackend().binding.getNumOfTensors()).toBe(before);
  expect(metrics?.top1).toBeGreaterThan(0.6);
  expect(metrics?.rate).toBe(0.03);
  expect((await runSimclr(contextOf(params))).metrics?.top1).toBeGreaterThan(0.6);
});

it('chooses the rate on the validation split, and says when it stands at an end of the list', async () => {
  const context = contextOf(await paramsOf({ rates: [0.03, 1e-8] }));
  const { metrics } = await run(context);
  expect(metrics?.rate).toBe(0.03);
  expect(context.logged.filter((line) => line.startsWith('rate '))).toEqual([
    expect.stringMatching(/^rate 1e-8: loss \d\.\d{4} in the last epoch, validation \d+\.\d %$/),
    expect.stringMatching(/^rate 0\.03: loss \d\.\d{4} in the last epoch, validation \d+\.\d %$/),
  ]);
  expect(context.remarked).toEqual([
    'the rate that was chosen, 0.03, is the largest of the 2 that were tried: one beyond it may do better, as with `rates: [1e-8, 0.03, 0.3]`',
  ]);
});

it('holds images out where there is no validation split and a rate to choose, else none', async () => {
  const several = contextOf(await paramsOf({ validation: null, rates: [0.01, 0.03, 1] }));
  const { metrics } = await run(several);
  expect(metrics?.validation).toBeGreaterThan(0.3);
  expect(several.logged).toContain(
    '`validation` is none: 6 of the 36 images of `train` are held out in its place',
  );
  const one = contextOf(await paramsOf({ validation: null }));
  expect((await run(one)).metrics?.validation).toBeNull();
  expect(one.logged.join()).not.toContain('held out');
});

it('does not choose a rate that diverges, and refuses where all do', async () => {
  const context = contextOf(await paramsOf({ rates: [0.03, 1e6], decay: 0.1 }));
  expect((await run(context)).metrics?.rate).toBe(0.03);
  expect(context.remarked[0]).toBe(
    'the training with rate 1000000 diverged: its weights are not finite, and it is not chosen',
  );
  await expect(
    run(contextOf(await paramsOf({ rates: [1e7, 1e6], decay: 0.1 }))),
  ).rejects.toMatchObject({
    code: 'diverged',
    message: 'with each of the 2 rates the weights are not finite at the end',
    help: 'Give smaller `rates`, such as 100000, or less `decay`.',
  });
});

it('remarks a loss above that of a guess', async () => {
  const on = coloured('train a 9', 'train b 9', 'train b 8', 'test a 7', 'test b 1');
  const params = await paramsOf({ on, label: 'class', batch: 2, rates: [300] });
  const context = contextOf(params);
  await run(context);
  expect(context.remarked).toEqual([
    expect.stringMatching(
      /^with rate 300 the mean loss of the last epoch is \d+\.\d{3}, above 0\.693 of a guess among 2 classes: the rate is too high for these features$/,
    ),
  ]);
});

it('refuses what no rate can be learnt from', async () => {
  await expect(run(contextOf(await paramsOf({ rates: [] })))).rejects.toMatchObject({
    code: 'no-rates',
  });
  await expect(run(contextOf(await paramsOf({ batch: 37 })))).rejects.toMatchObject({
    code: 'batch-too-large',
    message: 'a batch is 37 images of split `train`, but there are only 36',
  });
  const held = await paramsOf({ batch: 32, validation: null, rates: [0.1, 0.2] });
  await expect(run(contextOf(held))).rejects.toMatchObject({
    code: 'batch-too-large',
    message: 'a batch is 32 images of split `train` that are not held out, but there are only 30',
  });
  const one = coloured('train a 1', 'train a 2', 'test a 3');
  await expect(
    run(contextOf(await paramsOf({ on: one, label: 'class', batch: 2 }))),
  ).rejects.toMatchObject({ code: 'one-class' });
  const other = coloured('train a 1', 'train b 200', 'validation c 3', 'test a 3');
  await expect(
    run(contextOf(await paramsOf({ on: other, label: 'class', batch: 2 }))),
  ).rejects.toMatchObject({ code: 'unknown-classes' });
});

it('says what of the schedule the training does not reach, and of a collapsed encoder', async () => {
  const on = coloured('train a 9', 'train b 9', 'test a 8', 'test b 1');
  const context = contextOf(await paramsOf({ on, label: 'class', batch: 2, epochs: 70 }));
  await run(context);
  expect(context.remarked).toEqual([
    'all 2 images of split `train` have the same features: the encoder has collapsed',
    expect.stringContaining('80'),
  ]);
});

it('counts the smaller last batch of an epoch when it holds the warm-up against the training', async () => {
  const schedule = cosine({ warmup: 0.5, start: null, final: 0, every: 'step' });
  const remarksOf = async (more: object) => {
    const context = contextOf(await paramsOf({ batch: 24, epochs: 1, schedule, ...more }));
    await run(context);
    return context.remarked.filter((text) => text.includes('warm-up'));
  };
  // 36 images are two batches, or one where batches are normalised: one step of warm-up, then all of them.
  expect(await remarksOf({ batch_norm: false })).toEqual([]);
  expect(await remarksOf({ batch_norm: true })).toHaveLength(1);
});
