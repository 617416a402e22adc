import {
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import type { run as Cifar10 } from '../../../src/library/data/cifar10.js';
import type { run as Cifar100 } from '../../../src/library/data/cifar100.js';
import { artifactOf, contextOf, freshFolder } from '../synthetic.js';
import { cifar10Folder, cifar10Names, cifar100Folder, planesOf } from './published/make-sets.js';

// Its threads run from files that are built.
let cifar10: typeof Cifar10;
let cifar100: typeof Cifar100;
beforeAll(async () => {
  const built = new URL('../../../dist/library/data/', import.meta.url);
  ({ run: cifar10 } = await import(new URL('cifar10.js', built).href));
  ({ run: cifar100 } = await import(new URL('cifar100.js', built).href));
});

const defaults = { size: 32, classes: null, per_class: null, check: 'layout', seed: 0 } as const;

async function read(root: string, changed: Partial<Parameters<typeof Cifar10>[0]['params']> = {}) {
  const context = contextOf({ ...defaults, root, ...changed });
  await cifar10(context);
  return openImages(artifactOf(context.out, 'Images'));
}

/** An image of the planes that the record was made of. */
function rowsOf(planes: Uint8Array): number[] {
  return Array.from({ length: planes.length }, (_, to) => {
    return planes[(to % 3) * 1024 + Math.floor(to / 3)] ?? -1;
  });
}

it('reads the records of all batches, with names, classes and splits', async () => {
  const images = await read(cifar10Folder(10));
  expect(images.count).toBe(60);
  expect(images.size).toBe(32);
  expect(images.values).toEqual({ class: cifar10Names });
  expect(images.item(13)).toEqual({
    name: 'train/13',
    split: 'train',
    attributes: { class: 'cat' },
  });
  expect(images.item(59).name).toBe('test/9');
  expect([...images.image(13)]).toEqual(rowsOf(planesOf(32, 103)));
  expect([...images.image(59)]).toEqual(rowsOf(planesOf(32, 509)));
});

it('tells images of the test batch that are among those for training', async () => {
  const root = cifar10Folder(10);
  const files = join(root, 'cifar-10-batches-bin');
  copyFileSync(join(files, 'data_batch_2.bin'), join(files, 'test_batch.bin'));
  const context = contextOf({ ...defaults, root });
  await cifar10(context);
  expect(context.remarked).toEqual([
    'a leak: 10 images with the very same pixels in `train` and `test` (train/10 = test/0, train/11 = test/1, train/12 = test/2 and 7 more)',
  ]);
});

it('reads fine and coarse labels of CIFAR-100', async () => {
  const context = contextOf({ ...defaults, root: cifar100Folder() });
  await cifar100(context);
  const images = openImages(artifactOf(context.out, 'Images'));
  expect(images.count).toBe(200);
  expect(images.item(142)).toEqual({
    name: 'test/42',
    split: 'test',
    attributes: { class: 'fine_42', superclass: 'coarse_8' },
  });
  expect([...images.image(142)]).toEqual(rowsOf(planesOf(32, 1042)));
});

it('takes the classes of a list, and few images of each that are among the more', async () => {
  const root = cifar10Folder(20);
  const list = join(freshFolder(), 'classes.txt');
  writeFileSync(list, 'ship\r\n\ncat\n');
  const named = async (per_class: number | null) =>
    (await read(root, { classes: list, per_class })).items.map(({ name }) => name);
  const images = await read(root, { classes: list, per_class: 3 });
  expect(images.values).toEqual({ class: ['cat', 'ship'] });
  expect(images.items.filter(({ split }) => split === 'train')).toHaveLength(6);
  expect(images.items.filter(({ split }) => split === 'test')).toHaveLength(4);
  const [three, seven, all] = [await named(3), await named(7), await named(null)];
  expect(seven).toEqual(expect.arrayContaining(three));
  expect(all).toEqual(expect.arrayContaining(seven));
  expect(all).toHaveLength(24);
  const whole = await read(root);
  const index = whole.items.findIndex(({ name }) => name === images.item(0).name);
  expect(images.image(0)).toEqual(whole.image(index));
});

it('says which lines of a list are no class, and which classes are too small', async () => {
  const root = cifar10Folder(10);
  const list = join(freshFolder(), 'classes.txt');
  writeFileSync(list, 'cat\nautomobil\ncat\n');
  await expect(read(root, { classes: list })).rejects.toThrow(
    /is no list of classes:\n {2}line 2: there is no class "automobil"; did you mean automobile\?\n {2}line 3: cat stands on line 1 already$/,
  );
  writeFileSync(list, '\n');
  await expect(read(root, { classes: list })).rejects.toThrow('it names no class');
  writeFileSync(list, 'cat\r\n<<<<<<< a\r\ndog\r\n=======\r\n>>>>>>> b\r\n');
  await expect(read(root, { classes: list })).rejects.toThrow('lines 2 to 5 are a merge conflict');
  // One line of several is no class, not the first of them.
  writeFileSync(list, 'cat,dog\n');
  await expect(read(root, { classes: list })).rejects.toThrow('there is no class "cat,dog"');
  writeFileSync(list, Buffer.from('\ufeffcat\n', 'utf16le'));
  await expect(read(root, { classes: list })).rejects.toThrow('it is UTF-16');
  // Of a class that has images for testing alone, none is no less a shortage.
  const files = join(root, 'cifar-10-batches-bin');
  for (const number of [1, 2, 3, 4, 5]) {
    const batch = readFileSync(join(files, `data_batch_${number}.bin`));
    for (let at = 0; at < batch.length; at += 3073) if (batch[at] === 3) batch[at] = 5;
    writeFileSync(join(files, `data_batch_${number}.bin`), batch);
  }
  await expect(read(root, { per_class: 5 })).rejects.toMatchObject({
    message: '1 class has fewer than 5 images in split `train`: cat has 0',
    help: 'leave these classes out with `classes`',
  });
  await expect(read(root, { per_class: 6 })).rejects.toThrow(
    '9 classes have fewer than 6 images in split `train`: airplane has 5, automobile has 5',
  );
});

it('names what is missing, and where it comes from', async () => {
  const root = cifar10Folder();
  rmSync(join(root, 'cifar-10-batches-bin', 'data_batch_3.bin'));
  await expect(read(root)).rejects.toMatchObject({
    message: expect.stringContaining('cifar-10-batches-bin has no data_batch_3.bin'),
    help: expect.stringMatching(
      /batches\.meta\.txt; they are cifar-10-binary\.tar\.gz of https:\/\/www\.cs\.toronto\.edu/,
    ),
  });
});

it('holds files against what is published, size first', async () => {
  const check = 'published';
  await expect(read(cifar10Folder(10), { check })).rejects.toMatchObject({
    message: expect.stringContaining(
      'data_batch_1.bin has 30,730 bytes; the published file has 30,730,000',
    ),
    help: expect.stringContaining('check: "layout"'),
  });
  const root = cifar10Folder(10);
  const folder = join(root, 'cifar-10-batches-bin');
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.bin'))) {
    truncateSync(join(folder, name), 30_730_000);
  }
  await expect(read(root, { check })).rejects.toThrow(
    /data_batch_1\.bin is not the published file: its SHA-1 is [0-9a-f]{40}, expected aadd24acce27caa71bf4b10992e9e7b2d74c2540/,
  );
});

it('tells a file that is cut off, and a label that there is not', async () => {
  const root = cifar10Folder();
  const path = join(root, 'cifar-10-batches-bin', 'test_batch.bin');
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, -1));
  await expect(read(root)).rejects.toThrow(
    'test_batch.bin has 30729 bytes, no multiple of 3073, a record',
  );
  writeFileSync(path, '');
  await expect(read(root)).rejects.toThrow('test_batch.bin has 0 bytes');
  whole[3 * 3073] = 10;
  writeFileSync(path, whole);
  await expect(read(root)).rejects.toThrow(
    'test_batch.bin gives record 3 the class 10; there are 0 to 9',
  );
  await expect(read(cifar10Folder(10, { 'batches.meta.txt': 'cat\ndog\n' }))).rejects.toThrow(
    'batches.meta.txt has 2 names, expected 10',
  );
});
