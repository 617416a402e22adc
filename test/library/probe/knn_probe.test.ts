import { beforeAll, expect, it } from 'vitest';
import { run } from '../../../src/library/probe/knn_probe.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({
  k: 1,
  temperature: 0.07,
  label: 'kind',
  train: 'train',
  test: 'test',
});

it('does not let an image find itself where it is trained and tested on one split', async () => {
  const shade = (name: string, pixels: readonly number[]) => ({
    split: 'train',
    class: name,
    pixels,
  });
  const on = imagesOf([
    shade('a', [200, 0, 0]),
    shade('b', [190, 10, 0]),
    shade('a', [0, 0, 90]),
    shade('b', [0, 0, 90]),
  ]);
  const context = contextOf(await paramsOf({ on, label: 'class', test: 'train' }));
  expect((await run(context)).metrics).toEqual({ top1: 0 });
  expect(context.logged[0]).toBe(
    '`train` and `test` are the same split: an image does not find itself',
  );
  expect(context.remarked).toEqual([
    '2 of the 4 images of split `train` have the very pixels of another image there',
  ]);
  const all = await paramsOf({ on, label: 'class', test: 'train', k: 4 });
  await expect(run(contextOf(all))).rejects.toMatchObject({
    code: 'too-many-neighbours',
    message: '`k` is 4, but split `train` has 4 images, of which one is the image itself',
    help: 'Give `k: 3` or less.',
  });
});

it('remarks images to test on that are among those to find', async () => {
  const on = imagesOf(
    ['train', 'test'].flatMap((split) =>
      ['a', 'b'].map((name) => ({ split, class: name, pixels: [name.charCodeAt(0), 30] })),
    ),
  );
  const context = contextOf(await paramsOf({ on, label: 'class' }));
  expect(await run(context)).toEqual({
    metrics: { top1: 1 },
    facts: { 'images fitted to': 2, 'images asked': 2, classes: 2 },
  });
  expect(context.remarked).toEqual([
    '2 of the 2 images of split `test` have the very pixels of an image of split `train`',
  ]);
});

it('refuses images of one class', async () => {
  const on = imagesOf(
    ['train', 'train', 'test'].map((split, i) => ({ split, class: 'a', pixels: [i] })),
  );
  await expect(run(contextOf(await paramsOf({ on, label: 'class' })))).rejects.toMatchObject({
    code: 'one-class',
  });
});

it('tells shapes of unseen drawings better than chance', async () => {
  const { metrics } = await run(contextOf(await paramsOf({ k: 3 })));
  expect(metrics?.top1).toBeGreaterThan(0.5);
});

it('says that there are fewer images than neighbours', async () => {
  await expect(run(contextOf(await paramsOf({ k: 1000 })))).rejects.toMatchObject({
    code: 'too-many-neighbours',
    message: '`k` is 1000, but split `train` has 36 images',
    help: 'Give `k: 36` or less.',
  });
});

it('remarks images whose class has no name', async () => {
  const on = imagesOf(
    ['train', 'test'].flatMap((split, s) =>
      ['a', '', 'b'].map((name, i) => ({ split, class: name, pixels: [80 * i, 30 + s, 9] })),
    ),
  );
  const context = contextOf(await paramsOf({ on, label: 'class' }));
  await run(context);
  expect(context.remarked).toEqual([
    '1 of the 3 images of split `test` has a blank text as `class`, which counts as a class like any other',
  ]);
});

it('remarks images that are trained on without a class', async () => {
  const on = imagesOf(
    ['train', 'test'].flatMap((split, s) =>
      ['a', 'unlabelled', 'b'].map((name, i) => ({
        ...{ split, class: name, artist: name, pixels: [80 * i, 30 + s, 9] },
      })),
    ),
  );
  const remarkedOf = async (label: string) => {
    const context = contextOf(await paramsOf({ on, label }));
    await run(context);
    return context.remarked;
  };
  expect(await remarkedOf('class')).toEqual([
    '1 of the 3 images of split `train` has no class (`unlabelled`), which counts as a class like any other',
  ]);
  expect(await remarkedOf('artist')).toEqual([]);
});
