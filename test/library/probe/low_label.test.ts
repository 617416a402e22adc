import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readNpy } from '../../../src/base/files/npy.js';
import { run } from '../../../src/library/probe/low_label.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({
  share: 0.5,
  draws: 3,
  label: 'kind',
  train: 'train',
  validation: null,
  test: 'test',
  penalties: [0.01, 0.1],
  held_out: 0.2,
  seed: 0,
});

it('tells shapes from half of the labels, and says how sure it is', async () => {
  const context = contextOf(await paramsOf());
  const { metrics, facts } = await run(context);
  expect(metrics?.top1).toBeGreaterThan(0.5);
  expect(metrics?.half_width).toBeGreaterThanOrEqual(0);
  expect((await run(contextOf(await paramsOf()))).metrics).toEqual(metrics);
  expect(facts).toEqual({
    'images fitted to': 18,
    'images asked': 18,
    classes: 3,
    'drawn from': 36,
    draws: 3,
  });
  expect(context.logged.at(-1)).toMatch(/^3 draws of 18 of the 36 images: top1 \d\.\d{4}, /);
  const { shape } = readNpy(join(context.out, 'predictions.npy'));
  expect(shape).toEqual([18, 5]);
});

it('chooses on a validation split with all of its labels, when it is given', async () => {
  const { facts } = await run(contextOf(await paramsOf({ validation: 'validation' })));
  expect(facts).toMatchObject({ 'images fitted to': 18, 'images to choose the penalty': 18 });
});

it('says which share leaves no class without an image', async () => {
  await expect(run(contextOf(await paramsOf({ share: 0.05 })))).rejects.toMatchObject({
    code: 'too-few-images',
    message:
      '5% of the 36 images of split `train` are 2, fewer than the 3 values of `kind`: some would have no image',
    help: 'Give `share: 8.4%` or more.',
  });
  const { metrics } = await run(contextOf(await paramsOf({ share: 0.084, penalties: [0.1] })));
  expect(metrics?.top1).toBeGreaterThan(0);
});

it('says where there is nothing to hold out, and needs none for one penalty', async () => {
  await expect(run(contextOf(await paramsOf({ share: 0.09 })))).rejects.toMatchObject({
    code: 'too-few-images',
    message:
      'of the 3 images that are drawn of split `train` there is one of each class, so none can be held out to choose the penalty',
  });
  const one = contextOf(await paramsOf({ share: 0.09, penalties: [0.1] }));
  expect((await run(one)).facts).toMatchObject({ 'images fitted to': 3 });
});

/** Images of one colour each: `train a 10` is one of split train, class a. */
const coloured = (...rows: readonly string[]) =>
  imagesOf(
    rows.map((row) => {
      const [split = '', name = '', level = ''] = row.split(' ');
      return { split, class: name, pixels: [Number(level), 30, 255 - Number(level)] };
    }),
  );

it('says which class has fewer images than others are drawn of, and which share fits', async () => {
  const rows = [1, 2, 3, 4, 5, 6, 7].map((level) => `train a ${level}`);
  const on = coloured(...rows, 'train b 200', 'test a 9', 'test b 201');
  await expect(run(contextOf(await paramsOf({ on, label: 'class' })))).rejects.toMatchObject({
    code: 'too-few-images',
    message:
      '50% of the 8 images of split `train` are 4, up to 2 of each `class`, but 1 of the 2 has fewer images: b',
    help: 'Give `share: 25%` or less.',
  });
});

it('refuses one class, no penalty, and a test split of other classes', async () => {
  const one = coloured('train a 1', 'train a 2', 'test a 3');
  await expect(run(contextOf(await paramsOf({ on: one, label: 'class' })))).rejects.toMatchObject({
    code: 'one-class',
  });
  await expect(run(contextOf(await paramsOf({ penalties: [] })))).rejects.toMatchObject({
    code: 'no-penalties',
  });
  const other = coloured('train a 1', 'train b 200', 'test c 3');
  await expect(run(contextOf(await paramsOf({ on: other, label: 'class' })))).rejects.toMatchObject(
    { code: 'unknown-classes' },
  );
});
