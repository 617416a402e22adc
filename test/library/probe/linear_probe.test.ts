import { beforeAll, expect, it } from 'vitest';
import { make as pixels } from '../../../src/library/backbone/pixels.js';
import { run } from '../../../src/library/probe/linear_probe.js';
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
  label: 'kind',
  train: 'train',
  validation: 'validation',
  test: 'test',
  penalties: [0.001, 0.01, 0.1],
  ...changes,
});

it('tells shapes from pixels, with the same numbers each time', async () => {
  const context = contextOf(paramsOf());
  const { metrics } = await run(context);
  expect(metrics?.top1).toBeGreaterThan(0.7);
  expect(Object.keys(metrics ?? {})).toEqual(['top1', 'validation', 'penalty']);
  expect([0.001, 0.01, 0.1]).toContain(metrics?.penalty);
  expect(context.logged.filter((line) => line.startsWith('penalty'))).toHaveLength(3);
  expect((await run(contextOf(paramsOf()))).metrics).toEqual(metrics);
});

it('says that it holds training images out when there is no validation split', async () => {
  const context = contextOf(paramsOf({ validation: 'none' }));
  expect((await run(context)).metrics?.top1).toBeGreaterThan(0.5);
  expect(context.logged[0]).toContain('every fifth of `train`');
});

it('refuses classes that are all unknown, and says why', async () => {
  await expect(run(contextOf(paramsOf({ label: 'class' })))).rejects.toMatchObject({
    code: 'unknown-classes',
    message: 'no `class` of split `test` occurs in split `train`, so nothing can be predicted',
    help: expect.stringContaining('another attribute'),
  });
});

it('names attributes and splits when one is missing', async () => {
  await expect(run(contextOf(paramsOf({ label: 'group' })))).rejects.toMatchObject({
    code: 'unknown-attribute',
    help: expect.stringContaining('kind'),
  });
  await expect(run(contextOf(paramsOf({ test: 'holdout' })))).rejects.toMatchObject({
    code: 'unknown-split',
    help: expect.stringContaining('train'),
  });
  await expect(run(contextOf(paramsOf({ penalties: [] })))).rejects.toMatchObject({
    code: 'no-penalties',
  });
});
