import { beforeAll, expect, it } from 'vitest';
import { run } from '../../../src/library/probe/few_shot.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({
  shots: 1,
  draws: 20,
  label: 'kind',
  train: 'train',
  test: 'test',
  seed: 0,
});

/** Images of one colour each: `train a 10` is one of split train, class a. */
const coloured = (...rows: readonly string[]) =>
  imagesOf(
    rows.map((row) => {
      const [split = '', name = '', level = ''] = row.split(' ');
      return { split, class: name, pixels: [Number(level), 30, 255 - Number(level)] };
    }),
  );

it('tells shapes from a few drawings better than chance, and says how sure it is', async () => {
  const context = contextOf(await paramsOf({ shots: 4 }));
  const { metrics, facts } = await run(context);
  expect(metrics?.top1).toBeGreaterThan(0.5);
  expect(facts).toEqual({
    'images fitted to': 4 * Number(facts?.classes),
    'images asked': expect.any(Number),
    classes: expect.any(Number),
    'drawn from': expect.any(Number),
    draws: 20,
  });
  expect(metrics?.half_width).toBeGreaterThan(0);
  expect(context.logged.at(-1)).toMatch(/^20 draws of 4 of each of \d+ classes, \d+ to score on; /);
  expect((await run(contextOf(await paramsOf({ shots: 4 })))).metrics).toEqual(metrics);
});

it('says which classes have fewer images than are drawn', async () => {
  const on = coloured('train a 1', 'train a 2', 'train b 200', 'test a 3', 'test b 201');
  const params = await paramsOf({ on, label: 'class', shots: 2 });
  await expect(run(contextOf(params))).rejects.toMatchObject({
    code: 'too-few-images',
    message: '`shots` is 2, but 1 of the 2 values of `class` in split `train` has fewer images: b',
    help: 'Give `shots: 1` or less, or a split with more images of these.',
  });
});

it('refuses one class, and a test split of other classes', async () => {
  const one = coloured('train a 1', 'train a 2', 'test a 3');
  await expect(run(contextOf(await paramsOf({ on: one, label: 'class' })))).rejects.toMatchObject({
    code: 'one-class',
  });
  const other = coloured('train a 1', 'train b 200', 'test c 3');
  await expect(run(contextOf(await paramsOf({ on: other, label: 'class' })))).rejects.toMatchObject(
    { code: 'unknown-classes' },
  );
});

it('remarks images that are scored and drawn, and a collapsed encoder', async () => {
  const on = coloured('train a 9', 'train b 9', 'test a 9', 'test b 1');
  const context = contextOf(await paramsOf({ on, label: 'class', test: 'train' }));
  expect((await run(context)).metrics).toEqual({ top1: 0.5, half_width: 0 });
  expect(context.remarked).toEqual([
    '`train` and `test` are the same split, `train`: the drawn images are scored too',
    'all 2 images of split `train` have the same features: the encoder has collapsed',
  ]);
});
