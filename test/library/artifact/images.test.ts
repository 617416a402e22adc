import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeNpy } from '../../../src/base/files/npy.js';
import { createImages, openImages, writeImages } from '../../../src/library/artifact/images.js';
import { openPairs, writePairs } from '../../../src/library/artifact/pairs.js';
import {
  artifactOf,
  freshFolder,
  pixelsOf,
  syntheticImages,
  syntheticPairs,
} from '../synthetic.js';

const item = (name: string, split: string, colour: string) => ({
  name,
  split,
  attributes: { colour },
});
const content = {
  size: 2,
  pixels: Uint8Array.from({ length: 36 }, (_, i) => i),
  items: [item('a', 'train', 'red'), item('b', 'test', 'blue'), item('c', 'train', 'blue')],
  values: { colour: ['blue', 'red'] },
  sources: [{ name: 'Drawings', version: '1.0', license: 'MIT', author: 'Ada' }],
};

function written(): string {
  const folder = freshFolder();
  writeImages(folder, content);
  return folder;
}

it('gives images back as they were written', () => {
  const images = openImages(artifactOf(written(), 'Images'));
  const { pixels, ...about } = content;
  expect(images).toMatchObject({ ...about, count: 3, channels: 3 });
  expect(pixelsOf(images)).toEqual(pixels);
  expect([...images.image(1)]).toEqual(Array.from({ length: 12 }, (_, i) => 12 + i));
  expect(images.item(2).name).toBe('c');
  expect(images.attribute('colour')).toEqual(['red', 'blue', 'blue']);
  expect(images.labels('colour')).toEqual({
    values: ['blue', 'red'],
    numbers: Int32Array.of(1, 0, 0),
  });
  expect([...images.indicesOf('train')]).toEqual([0, 2]);
  expect(images.hasAttribute('shape')).toBe(false);
});

it('writes the same bytes whatever the order of attributes', () => {
  const [one, other] = [freshFolder(), freshFolder()];
  const values = { colour: ['blue'], shape: ['round'] };
  const base = { ...content, pixels: content.pixels.subarray(0, 12), values };
  const name = { name: 'a', split: 'train' };
  writeImages(one, {
    ...base,
    items: [{ ...name, attributes: { colour: 'blue', shape: 'round' } }],
  });
  writeImages(other, {
    ...base,
    values: { shape: ['round'], colour: ['blue'] },
    items: [{ ...name, attributes: { shape: 'round', colour: 'blue' } }],
  });
  for (const file of ['items.json', 'images.npy']) {
    expect(readFileSync(join(one, file))).toEqual(readFileSync(join(other, file)));
  }
});

it('names the attributes and splits that there are', () => {
  const images = openImages(artifactOf(written(), 'Images'));
  expect(() => images.attribute('shape')).toThrow('the images have no attribute "shape"');
  expect(() => images.indicesOf('validation')).toThrow('no image is in split "validation"');
});

it('refuses files that are cut off or something else', () => {
  const cases: [RegExp, (folder: string) => void][] = [
    [
      /images\.npy has \d+ bytes of data/,
      (folder) => truncateSync(join(folder, 'images.npy'), 140),
    ],
    [
      /`items\.json` is no JSON, or is cut off/,
      (folder) => truncateSync(join(folder, 'items.json'), 90),
    ],
    [
      /`items\.json` does not say `"format": "ssp-images"/,
      (folder) => writeFileSync(join(folder, 'items.json'), '{}'),
    ],
    [
      /`images\.npy` holds float32 of shape \(2, 2\), not uint8 images/,
      (folder) =>
        writeNpy(join(folder, 'images.npy'), { shape: [2, 2], data: new Float32Array(4) }),
    ],
    [
      /`images\.npy` holds 1 images, but items\.json names 3/,
      (folder) =>
        writeNpy(join(folder, 'images.npy'), { shape: [1, 2, 2, 3], data: new Uint8Array(12) }),
    ],
    [
      /gives item 0 \("a"\) the `colour` "red", which is not in `values`/,
      (folder) => {
        const path = join(folder, 'items.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace('["blue","red"]', '["blue"]'));
      },
    ],
  ];
  for (const [message, spoil] of cases) {
    const folder = written();
    spoil(folder);
    expect(() => openImages(artifactOf(folder, 'Images'))).toThrow(message);
  }
});

it('reads more than 1 GiB of images one by one', () => {
  const folder = freshFolder();
  const [count, size] = [370, 1000];
  const items = Array.from({ length: count }, (_, index) => item(`${index}`, 'train', 'red'));
  // What is not put takes no room on the disk.
  const writer = createImages(folder, { ...content, size, items });
  const pixels = new Uint8Array(size * size * 3).fill(7);
  writer.put(count - 1, pixels);
  writer.close();
  const images = openImages(artifactOf(folder, 'Images'));
  expect(Buffer.compare(images.image(count - 1), pixels)).toBe(0);
  expect(images.image(0).every((value) => value === 0)).toBe(true);
  const pairs = freshFolder();
  writePairs(pairs, images, Int32Array.of(3, count - 1));
  const { images: kept } = openPairs(artifactOf(pairs, 'Pairs'));
  expect(kept.items.map(({ name }) => name)).toEqual(['3', `${count - 1}`]);
  expect(Buffer.compare(kept.image(1), pixels)).toBe(0);
  rmSync(folder, { recursive: true });
});

it('keeps the images of pairs, and only those', () => {
  const source = openImages(syntheticImages());
  const folder = freshFolder();
  writePairs(folder, source, Int32Array.of(9, 3, 3, 3));
  const { count, images, pairs } = openPairs(artifactOf(folder, 'Pairs'));
  expect(count).toBe(2);
  expect(images.items).toEqual([source.item(3), source.item(9)]);
  expect([...images.image(1)]).toEqual([...source.image(9)]);
  expect([...pairs]).toEqual([1, 0, 0, 0]);
});

it('refuses pairs of images that are not there', () => {
  const artifact = syntheticPairs();
  const path = artifact.file('pairs.npy');
  writeNpy(path, { shape: [1, 2], data: Int32Array.of(0, 999) });
  expect(() => openPairs(artifact)).toThrow(
    /`pairs\.npy` names image 999 in pair 0, but there are \d+ images/,
  );
  writeNpy(path, { shape: [2], data: Int32Array.of(0, 1) });
  expect(() => openPairs(artifact)).toThrow('holds int32 of shape (2), not int32 pairs');
});
