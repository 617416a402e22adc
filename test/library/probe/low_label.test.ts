import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readNpy } from '../../../src/base/files/npy.js';
import { requireShare } from '../../../src/library/artifact/require-share.js';
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
    'images to choose the penalty': 3,
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
    help: 'Give `share: 8.334%` or more.',
  });
  const { metrics } = await run(contextOf(await paramsOf({ share: 0.08334, penalties: [0.1] })));
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

it('says which classes take no part in choosing, and where the best penalty stands at an end', async () => {
  // 4 of 36 images are two of one class, and one of each other.
  const context = contextOf(await paramsOf({ share: 0.11, penalties: [0.1, 10] }));
  expect((await run(context)).facts).toMatchObject({ 'images to choose the penalty': 1 });
  expect(context.remarked).toContain(
    'each draw has one image of 2 of the 3 classes, of which none is held out to choose the penalty: a larger `share` has more',
  );
  const chosen = contextOf(await paramsOf({ validation: 'validation', penalties: [1e-3, 1e3] }));
  await run(chosen);
  expect(chosen.remarked).toContain(
    'the penalty that was chosen in 1 of 3 draws, 1000, is the largest of the 2 that were tried: one beyond it may do better, as with `penalties: [0.001, 1000, 10000]`',
  );
});

it('advises shares that the language takes, or says that none fits', () => {
  const advice = (n: number, few: number, share: number) => {
    // Two classes, of which the second has few images.
    const labels = Int32Array.from({ length: n }, (_, at) => (at < few ? 1 : 0));
    try {
      requireShare(labels, ['a', 'b'], { share, train: 'train', label: 'class' });
    } catch (error) {
      return (error as { help?: string }).help;
    }
    return undefined;
  };
  expect(advice(20_000, 5, 0.5)).toBe('Give a `share` from 0.01% to 0.05%.');
  expect(advice(20_000, 5, 0.00001)).toBe('Give a `share` from 0.01% to 0.05%.');
  expect(advice(20_000, 5, 0.0005)).toBeUndefined();
  // 0.1% are 51 of them, one too many of a class with one.
  const fifty = Int32Array.from({ length: 50_504 }, (_, at) => Math.min(at, 49));
  expect(() =>
    requireShare(fifty, [...Array(50).keys()].map(String), {
      share: 0.5,
      train: 'train',
      label: 'class',
    }),
  ).toThrow(expect.objectContaining({ help: 'Give `share: 0.099%`.' }));
  expect(advice(300_000, 1, 0.5)).toBe(
    'No share fits: give the classes with the fewest images more of them, or leave these classes out.',
  );
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
    help: 'Give `share: 25%`.',
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
