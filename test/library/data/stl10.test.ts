import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { run } from '../../../src/library/data/stl10.js';
import { artifactOf, contextOf, freshFolder } from '../synthetic.js';
import { planesOf, stl10Folder } from './published/make-sets.js';

const defaults = {
  size: 96,
  unlabelled: true,
  fold: null,
  classes: null,
  per_class: null,
  check: 'layout',
  seed: 0,
} as const;

async function read(root: string, changed: Partial<Parameters<typeof run>[0]['params']> = {}) {
  const context = contextOf({ ...defaults, root, ...changed });
  await run(context);
  return openImages(artifactOf(context.out, 'Images'));
}

it('reads labelled and unlabelled images, whose planes go by columns', async () => {
  const images = await read(stl10Folder());
  expect(images.items.map(({ split }) => split)).toEqual([
    ...Array<string>(20).fill('train'),
    ...Array<string>(10).fill('test'),
    ...Array<string>(3).fill('unlabelled'),
  ]);
  expect(images.item(12).attributes).toEqual({ class: 'car' });
  expect(images.item(32)).toEqual({
    name: 'unlabelled/2',
    split: 'unlabelled',
    attributes: { class: 'unlabelled' },
  });
  const planes = planesOf(96, 2002);
  const [x, y, channel] = [5, 70, 2];
  expect(images.image(32)[(y * 96 + x) * 3 + channel]).toBe(planes[channel * 9216 + x * 96 + y]);
});

it('leaves the unlabelled images out, and then needs no file of them', async () => {
  const root = stl10Folder();
  rmSync(join(root, 'stl10_binary', 'unlabeled_X.bin'));
  expect((await read(root, { unlabelled: false })).count).toBe(30);
  await expect(read(root)).rejects.toMatchObject({
    message: expect.stringContaining('has no unlabeled_X.bin'),
    help: expect.stringContaining('`unlabelled: false` needs no unlabeled_X.bin'),
  });
});

it('takes one fold of the training images, and checks all', async () => {
  const images = await read(stl10Folder(), { fold: 3, unlabelled: false });
  const train = images.items.filter(({ split }) => split === 'train');
  expect(train.map(({ name }) => name)).toEqual(['train/3', 'train/13']);
  expect(images.count).toBe(12);
  const folds = (line: string): string => `${line}\n`.repeat(10);
  for (const [content, message] of [
    [folds('0 20'), 'has 20 in fold 0, expected places of the 20 training images, from 0'],
    [folds('0 1 0'), 'names an image twice in fold 0'],
    ['0 1\n', 'has 1 lines, expected the ten folds'],
  ] as const) {
    await expect(read(stl10Folder({}, { 'fold_indices.txt': content }))).rejects.toThrow(message);
  }
});

it('keeps unlabelled images beside a list of classes only where the list names them', async () => {
  const list = join(freshFolder(), 'classes.txt');
  writeFileSync(list, 'cat\nunlabelled\n');
  const images = await read(stl10Folder(), { classes: list });
  expect(images.values).toEqual({ class: ['cat', 'unlabelled'] });
  expect(images.count).toBe(2 + 1 + 3);
});

it('tells labels that do not fit the images', async () => {
  await expect(read(stl10Folder({}, { 'test_y.bin': Uint8Array.of(1, 2) }))).rejects.toThrow(
    'test_y.bin has 2 labels for the 10 images of test_X.bin',
  );
  const labels = new Uint8Array(10).fill(1);
  labels[4] = 0;
  await expect(read(stl10Folder({}, { 'test_y.bin': labels }))).rejects.toThrow(
    'test_y.bin gives image 4 the label 0; there are 1 to 10',
  );
  const cut = planesOf(96, 0).subarray(1);
  await expect(read(stl10Folder({}, { 'test_X.bin': cut }))).rejects.toThrow(
    'test_X.bin has 27647 bytes, no multiple of 27648, an image',
  );
});
