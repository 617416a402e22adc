import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { classifierRules, encoderIn } from '../../../src/library/classifier-training.js';
import { headPace } from '../../../src/library/evaluate-classifier.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { withPaces } from '../../../src/library/paces.js';
import { run as fineTune } from '../../../src/library/probe/fine_tune.js';
import { run as evaluate } from '../../../src/library/probe/linear_evaluation.js';
import type { Backbone, EncoderArtifact, Schedule } from '../../../src/library/stage.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { batchNormFrozen } from '../../../src/tensor/layers/batch-norm.js';
import { dense } from '../../../src/tensor/layers/dense.js';
import { relu } from '../../../src/tensor/layers/relu.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { type NamedTensors, pick, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { momentOf } from '../../../src/tensor/train/moment.js';
import { trainStep } from '../../../src/tensor/train/train-step.js';
import { expectClose, tensorsOf } from '../../tensor/parity.js';
import { referenceEncoder } from '../ssl/reference-encoder.js';
import { compare } from '../ssl/replay-steps.js';
import { contextOf, encoderOf, freshFolder, syntheticImages } from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const plain = (lr: number) => sgd({ lr, momentum: 0.9, nesterov: false, decay: 0, exclude: false });
/** As the scripts' encoder at evaluation: by running statistics. */
const evaluating: Backbone = {
  ...referenceEncoder,
  apply(weights, x, training) {
    if (training) return referenceEncoder.apply(weights, x, training);
    const vector = (tensors: NamedTensors, name: string) => asVector(pick(tensors, name));
    const y = dense(x.reshape([-1, 12]), asMatrix(pick(weights.trained, '0.weight')));
    const affine = {
      weight: vector(weights.trained, '1.weight'),
      bias: vector(weights.trained, '1.bias'),
    };
    const running = {
      mean: vector(weights.stats, 'mean'),
      variance: vector(weights.stats, 'variance'),
    };
    const normal = batchNormFrozen(y.reshape([-1, 1, 1, 8]), affine, running);
    return { features: asMatrix(relu(normal).reshape([-1, 8])), stats: {} };
  },
};
const byEpoch = cosine({ warmup: 0, start: null, final: 0, every: 'epoch' });

describe.each([
  ['finetune', false],
  ['freeze', true],
] as const)('steps of %s', (mode, frozen) => {
  it('are those of the official code', () => {
    const reference = under(tensorsOf('fine_tune'), mode);
    const optimizer = frozen
      ? withPaces(plain(0.08))
      : withPaces(plain(0.03), headPace(0.08, 0.03));
    const rules = {
      ...classifierRules({ backbone: evaluating, frozen }),
      update: (
        gradients: NamedTensors,
        now: { trained: NamedTensors; slots: NamedTensors },
        at: ReturnType<typeof momentOf>,
      ) => optimizer.update({ ...now, gradients, at }),
    };
    const first = under(reference, 'first');
    const weights = under(first, 'weights');
    const stats = under(first, 'stats');
    const head = prefixed(under(weights, 'head'), 'head');
    const trained = frozen ? head : weights;
    const rest = prefixed(under(weights, 'encoder'), 'encoder');
    const state = frozen ? { ...rest, ...prefixed(stats, 'stats') } : stats;
    let now = { trained, state, slots: optimizer.init(trained) };
    for (let step = 0; step < 4; step++) {
      const recorded = under(reference, `step${step}`);
      const inputs = {
        view: pick(recorded, 'view').reshape([-1, 2, 2, 3]),
        labels: pick(recorded, 'labels').toInt(),
      };
      const pace = { seed: 0, epochs: 2, perEpoch: 2, scale: byEpoch.scale(step, 4, 2) };
      const { next, loss } = trainStep(rules, now, { inputs, at: momentOf(step, pace) });
      now = next;
      expectClose(`fine-tuning, ${mode}, loss: step ${step}`, loss, pick(recorded, 'loss'), 2e-6);
    }
    const last = under(reference, 'last');
    const found = encoderIn(now, frozen);
    const all = {
      ...prefixed(found.trained, 'encoder'),
      ...prefixed(under(now.trained, 'head'), 'head'),
    };
    compare(`${mode} weight`, all, under(last, 'weights'), 5e-6);
    compare(`${mode} statistics`, found.stats, under(last, 'stats'), 5e-6);
    if (frozen)
      compare('frozen', rest, prefixed(under(under(last, 'weights'), 'encoder'), 'encoder'), 0);
  });
});

const images = syntheticImages(16);
const backbone = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });
let encoder: EncoderArtifact;
beforeAll(async () => {
  const context = contextOf({ backbone, seed: 0 });
  await randomInit(context);
  encoder = encoderOf(context.out, backbone);
});

const common = () => ({
  encoder,
  on: images,
  label: 'kind',
  train: 'train',
  validation: 'validation',
  test: 'test',
  crop: { low: 0.5, high: 1 },
  ratio: { low: 0.75, high: 4 / 3 },
  flip: 0.5,
  batch: 12,
  schedule: cosine({ warmup: 0, start: null, final: 0, every: 'step' }),
  seed: 0,
});
const tuned = (changes: object = {}) => ({
  ...common(),
  share: 1,
  epochs: 10,
  optimizer: plain(0.03),
  head_lr: 0.1,
  precision: 'fp32' as const,
  ...changes,
});
const resolved = {
  optimizer: { describe: 'std.optim.sgd', args: { lr: 0.03 } },
};
const predicted = (out: string) => readFileSync(join(out, 'predictions.npy'), 'base64');

it('learns the label by the whole encoder, and ends in the same result when it was broken off', async () => {
  const before = readFileSync(encoder.file('encoder.safetensors'), 'base64');
  const unbroken = contextOf(tuned(), { resolved });
  const { metrics, facts } = await fineTune(unbroken);
  expect(metrics?.top1).toBeGreaterThan(0.5);
  expect(metrics?.validation).toBeGreaterThan(0.5);
  expect(facts).toMatchObject({
    'images fitted to': 72,
    'images asked': 36,
    classes: 3,
    epochs: 10,
    'steps an epoch': 6,
  });
  expect(readFileSync(encoder.file('encoder.safetensors'), 'base64')).toBe(before);
  const checkpoint = freshFolder();
  const schedule: Schedule = {
    scale(step, ...rest) {
      if (step === 13) throw new Error('killed');
      return common().schedule.scale(step, ...rest);
    },
  };
  const broken = contextOf(tuned({ schedule }), { resolved, checkpoint });
  await expect(fineTune(broken)).rejects.toThrow('killed');
  const resumed = contextOf(tuned(), { resolved, checkpoint });
  expect((await fineTune(resumed)).metrics).toEqual(metrics);
  expect(resumed.logged.join()).toContain('going on after step 12 of 60');
  expect(predicted(resumed.out)).toBe(predicted(unbroken.out));
});

it('trains the layer alone on a frozen encoder, and leaks no tensor', async () => {
  const params = { ...common(), epochs: 6, optimizer: plain(1) };
  const first = contextOf(params);
  const { metrics } = await evaluate(first);
  expect(metrics?.top1).toBeGreaterThan(0.4);
  const before = tf.memory().numTensors;
  const again = contextOf(params);
  expect((await evaluate(again)).metrics).toEqual(metrics);
  expect(predicted(again.out)).toBe(predicted(first.out));
  // The encoder's own weights stay for as long as the process.
  expect(tf.memory().numTensors).toBe(before);
  const fast = contextOf({ ...params, epochs: 1, optimizer: plain(100) });
  await evaluate(fast);
  expect(fast.remarked).toEqual([
    expect.stringMatching(/^the mean loss of the last epoch is \d+\.\d+, above 1\.099 of a guess/),
  ]);
});

it('learns from a share of the labels, of each class as many', async () => {
  const context = contextOf(tuned({ share: 0.25, batch: 6, epochs: 1 }), { resolved });
  const { facts } = await fineTune(context);
  expect(facts).toMatchObject({ 'images fitted to': 18, 'steps an epoch': 3 });
  expect(context.logged[0]).toBe('18 of the 72 images of `train`: square 6, cross 6, stripes 6');
  await expect(fineTune(contextOf(tuned({ share: 0.01 }), { resolved }))).rejects.toMatchObject({
    code: 'too-few-images',
  });
  await expect(
    fineTune(contextOf(tuned({ share: 0.25, batch: 20 }), { resolved })),
  ).rejects.toMatchObject({
    code: 'batch-too-large',
    message: 'a batch is 20 labelled images, but there are only 18',
  });
});

it('stops at a rate at which it diverges, and says what no rate can be', async () => {
  await expect(
    fineTune(contextOf(tuned({ optimizer: plain(1e30) }), { resolved })),
  ).rejects.toMatchObject({ code: 'nan-loss' });
  const nothing = { optimizer: { describe: 'std.optim.sgd', args: { lr: 0 } } };
  await expect(
    fineTune(contextOf(tuned({ optimizer: plain(0) }), { resolved: nothing })),
  ).rejects.toMatchObject({ code: 'no-rate' });
});

it('refuses a test split of other classes, and remarks one that was learnt', async () => {
  const other = tuned({ label: 'class', epochs: 1 });
  await expect(fineTune(contextOf(other, { resolved }))).rejects.toMatchObject({
    code: 'unknown-classes',
  });
  for (const [validation, remark] of [
    ['train', '`train` are the same split, `train`: its accuracy is of images that were learnt'],
    ['test', '`test` are the same split, `test`: what is chosen by it is chosen by the score'],
  ] as const) {
    const context = contextOf(tuned({ validation, epochs: 1 }), { resolved });
    await fineTune(context);
    expect(context.remarked).toContain(`\`validation\` and ${remark}`);
  }
  const same = contextOf(tuned({ test: 'train', validation: null, epochs: 1 }), { resolved });
  expect((await fineTune(same)).metrics?.validation).toBeNull();
  expect(same.remarked).toContain(
    '`train` and `test` are the same split, `train`: the score is of images that were learnt',
  );
});
