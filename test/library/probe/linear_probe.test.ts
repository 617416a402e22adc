import { beforeAll, expect, it } from 'vitest';
import { run } from '../../../src/library/probe/linear_probe.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({
  label: 'kind',
  train: 'train',
  validation: 'validation',
  test: 'test',
  penalties: [0.001, 0.01, 0.1],
  held_out: 0.2,
  seed: 0,
});

it('tells shapes from pixels, with the same numbers each time', async () => {
  const context = contextOf(await paramsOf());
  const { metrics } = await run(context);
  expect(metrics?.top1).toBeGreaterThan(0.7);
  expect(Object.keys(metrics ?? {})).toEqual(['top1', 'validation', 'penalty', 'ece']);
  expect([0.001, 0.01, 0.1]).toContain(metrics?.penalty);
  expect(context.logged.filter((line) => line.startsWith('penalty'))).toHaveLength(3);
  expect((await run(contextOf(await paramsOf()))).metrics).toEqual(metrics);
});

/** Images without a validation split; of each class its shade, one image lighter than the other. */
const shades = (classes: readonly string[]) =>
  imagesOf(
    classes.flatMap((name, i) => {
      const shade = 20 + 60 * (name.charCodeAt(0) - 97);
      return ['train', 'test'].map((split, at) => ({
        split,
        class: name,
        pixels: [shade + i, shade + 10 * at, 255 - shade],
      }));
    }),
  );

it('holds a part of each class out where there is no validation split, drawn by a seed', async () => {
  const on = shades(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c', 'd']);
  const context = contextOf(await paramsOf({ on, label: 'class' }));
  const { metrics, facts } = await run(context);
  expect(metrics?.top1).toBe(1);
  expect(facts).toMatchObject({
    'images fitted to': 10,
    classes: 4,
    'images to choose the penalty': 3,
  });
  expect(context.logged[0]).toBe(
    'there is no split `validation`: 3 of the 10 images of `train` are held out in its place',
  );
  expect(context.remarked).toEqual([
    'split `train` has one image of 1 of the 4 classes, of which none is held out to choose the penalty: d',
  ]);
  expect(context.reported.at(-1)).toEqual({ unit: 'fit', done: 4, total: 4 });
  const without = contextOf(await paramsOf({ on, label: 'class', validation: null }));
  expect((await run(without)).metrics).toEqual(metrics);
  expect(without.logged[0]).toBe(
    '`validation` is none: 3 of the 10 images of `train` are held out in its place',
  );
});

it('scores four images of two classes', async () => {
  const on = shades(['a', 'b', 'a', 'b']);
  const context = contextOf(await paramsOf({ on, label: 'class' }));
  expect((await run(context)).metrics).toMatchObject({ top1: 1, validation: 1 });
  expect(context.remarked).toEqual([]);
});

it('remarks a penalty at an end of the list, unless the one beside it is as good', async () => {
  // What lies between the others is found where weights may be large.
  const inARow = imagesOf(
    ['train', 'validation', 'test'].flatMap((split, at) =>
      [...'aaabbbccc'].map((name, i) => {
        const level = 20 + 25 * i + at;
        return { split, class: name, pixels: [level, level, level] };
      }),
    ),
  );
  const remarks = async (penalties: readonly number[]) => {
    const context = contextOf(await paramsOf({ on: inARow, label: 'class', penalties }));
    await run(context);
    return context.remarked;
  };
  expect(await remarks([1000, 1e-4])).toEqual([
    'the penalty that was chosen, 0.0001, is the smallest of the 2 that were tried: one beyond it may do better, as with `penalties: [0.00001, 0.0001, 1000]`',
  ]);
  expect(await remarks([0.0001, 0.00010001])).toEqual([]);
});

it('refuses what is too little to learn from', async () => {
  await expect(
    run(contextOf(await paramsOf({ on: shades(['a', 'b', 'c']), label: 'class' }))),
  ).rejects.toMatchObject({
    code: 'too-few-images',
    message: expect.stringContaining('`train` has one image of each class'),
    help: expect.stringContaining('validation split'),
  });
  await expect(
    run(contextOf(await paramsOf({ on: shades(['a', 'a', 'a']), label: 'class' }))),
  ).rejects.toMatchObject({
    code: 'one-class',
    message: 'all 3 images of split `train` have one `class`, `a`',
  });
});

it('refuses a validation split that was named and is not there', async () => {
  await expect(run(contextOf(await paramsOf({ validation: 'valid' })))).rejects.toMatchObject({
    code: 'unknown-split',
    message: 'no image is in split "valid"',
  });
});

it('remarks images that are used twice', async () => {
  const one = contextOf(await paramsOf({ validation: 'train', test: 'train' }));
  await run(one);
  expect(one.remarked).toEqual([
    '`train` and `test` are the same split, `train`: the score is of images that were fitted',
    '`validation` and `test` are the same split, `train`: the penalty was chosen by the score',
    '`validation` and `train` are the same split, `train`: the penalty was chosen on images that were fitted',
  ]);
  const pixels = [[10], [90], [10], [200]];
  const on = imagesOf(
    ['train', 'train', 'test', 'test'].map((split, i) => ({
      split,
      class: i % 2 ? 'a' : 'b',
      pixels: pixels[i] ?? [],
    })),
  );
  const copies = contextOf(await paramsOf({ on, label: 'class', validation: 'test' }));
  await run(copies);
  expect(copies.remarked).toEqual([
    '`validation` and `test` are the same split, `test`: the penalty was chosen by the score',
    '1 of the 2 images of split `test` has the very pixels of an image of split `train`',
  ]);
});

it('remarks classes that a split lacks, and those that training lacks', async () => {
  const drawn = (split: string, classes: string) =>
    [...classes].map((name, i) => ({ split, class: name, pixels: [name.charCodeAt(0), 9 * i] }));
  const on = imagesOf([
    ...drawn('train', 'abcabc'),
    ...drawn('validation', 'aab'),
    ...drawn('test', 'abcd'),
  ]);
  const context = contextOf(await paramsOf({ on, label: 'class' }));
  await run(context);
  expect(context.remarked).toContain(
    'split `validation` has no image of 1 of the 3 classes of `train`: c',
  );
  expect(context.remarked).toContain(
    '1 of the 4 images of split `test` is of a class that `train` does not have, and counts as wrong',
  );
});

it('remarks an encoder that has collapsed, and scores it as what it is', async () => {
  const drawn = ['a', 'a', 'a', 'b', 'b'].flatMap((name) =>
    ['train', 'test'].map((split) => ({ split, class: name, pixels: [50] })),
  );
  const context = contextOf(await paramsOf({ on: imagesOf(drawn), label: 'class' }));
  expect((await run(context)).metrics?.top1).toBe(0.6);
  expect(context.remarked).toContain(
    'all 5 images of split `train` have the same features: the encoder has collapsed',
  );
});

it('refuses classes that are all unknown, and says why', async () => {
  await expect(run(contextOf(await paramsOf({ label: 'class' })))).rejects.toMatchObject({
    code: 'unknown-classes',
    message:
      'no `class` of split `validation` occurs in split `train`, so nothing can be predicted',
    help: expect.stringContaining('another attribute'),
  });
});

it('names attributes and splits when one is missing', async () => {
  await expect(run(contextOf(await paramsOf({ label: 'group' })))).rejects.toMatchObject({
    code: 'unknown-attribute',
    help: expect.stringContaining('kind'),
  });
  await expect(run(contextOf(await paramsOf({ test: 'holdout' })))).rejects.toMatchObject({
    code: 'unknown-split',
    help: expect.stringContaining('train'),
  });
  await expect(run(contextOf(await paramsOf({ penalties: [] })))).rejects.toMatchObject({
    code: 'no-penalties',
  });
});
