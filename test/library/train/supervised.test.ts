import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readSafetensors } from '../../../src/base/files/safetensors.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as constant } from '../../../src/library/optim/constant.js';
import { run as knnProbe } from '../../../src/library/probe/knn_probe.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { run } from '../../../src/library/train/supervised.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { tf } from '../../../src/tensor/tf.js';
import {
  contextOf,
  croppedViews,
  encoderOf,
  featuresOf,
  filesOf,
  syntheticImages,
} from '../synthetic.js';

const images = syntheticImages(16);
const backbone = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });
const params = {
  images,
  views: croppedViews,
  backbone,
  label: 'kind',
  split: 'train',
  epochs: 12,
  batch: 16,
  optimizer: adamw({
    lr: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    decay: 1e-4,
    final_decay: null,
    exclude: false,
  }),
  schedule: constant({}),
  init: null,
  precision: 'fp32',
  seed: 0,
} as const;

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('learns the label, and keeps the encoder without the head', async () => {
  const context = contextOf(params);
  await run(context);
  const { rows } = JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8'));
  expect(rows.at(-1).accuracy).toBeGreaterThan(0.9);
  const { tensors } = readSafetensors(join(context.out, 'encoder.safetensors'));
  expect(Object.keys(tensors).filter((name) => name.startsWith('head'))).toEqual([]);
  const probe = contextOf({
    encoder: await featuresOf(encoderOf(context.out, backbone), images),
    on: images,
    k: 5,
    temperature: 0.07,
    label: 'kind',
    train: 'train',
    test: 'test',
  });
  expect((await knnProbe(probe)).metrics?.top1).toBeGreaterThan(0.9);
});

it('gives the same bytes each time and leaks no tensor', async () => {
  const bytes = async () => {
    const context = contextOf({ ...params, epochs: 2 });
    await run(context);
    return readFileSync(join(context.out, 'encoder.safetensors'), 'base64');
  };
  const first = await bytes();
  const before = tf.memory().numTensors;
  expect(await bytes()).toBe(first);
  expect(tf.memory().numTensors).toBe(before);
});

it('names the attributes and splits there are', async () => {
  await expect(run(contextOf({ ...params, label: 'colour' }))).rejects.toMatchObject({
    code: 'unknown-attribute',
    help: expect.stringContaining('artist, class, kind'),
  });
  await expect(run(contextOf({ ...params, split: 'trian' }))).rejects.toMatchObject({
    code: 'unknown-split',
    help: expect.stringContaining('train'),
  });
});

it('an encoder at its initialisation has no history', async () => {
  const context = contextOf({ backbone, seed: 3 });
  await randomInit(context);
  expect(filesOf(context.out)).toEqual(['encoder.json', 'encoder.safetensors', 'history.json']);
  expect(readFileSync(join(context.out, 'history.json'), 'utf8')).toBe('{"rows":[]}\n');
});
