import { beforeAll, expect, it } from 'vitest';
import { make as pixels } from '../../../src/library/backbone/pixels.js';
import { run } from '../../../src/library/probe/knn_probe.js';
import type { EncoderArtifact } from '../../../src/library/stage.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { loadTensorFlow } from '../../../src/tensor/runtime/load.js';
import { contextOf, encoderOf, size, syntheticImages } from '../synthetic.js';

const images = syntheticImages();
const backbone = pixels({ size });
let encoder: EncoderArtifact;

beforeAll(async () => {
  loadTensorFlow({ threads: 2 });
  const context = contextOf({ backbone, seed: 0 });
  await randomInit(context);
  encoder = encoderOf(context.out, backbone);
});

const paramsOf = (changes: object = {}) => ({
  encoder,
  on: images,
  k: 1,
  temperature: 0.07,
  label: 'kind',
  train: 'train',
  test: 'test',
  ...changes,
});

it('finds each training image itself', async () => {
  const { metrics } = await run(contextOf(paramsOf({ test: 'train' })));
  expect(metrics).toEqual({ top1: 1 });
});

it('tells shapes of unseen drawings better than chance', async () => {
  const { metrics } = await run(contextOf(paramsOf({ k: 3 })));
  expect(metrics?.top1).toBeGreaterThan(0.5);
});

it('says that there are fewer images than neighbours', async () => {
  await expect(run(contextOf(paramsOf({ k: 1000 })))).rejects.toMatchObject({
    code: 'too-many-neighbours',
    message: '`k` is 1000, but split `train` has 36 images',
    help: 'Give `k: 36` or less.',
  });
});
