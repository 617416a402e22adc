import { cpSync, readFileSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeNpy } from '../../../src/base/files/npy.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { readItems } from '../../../src/library/artifact/items.js';
import { leftIn } from '../../../src/library/artifact/left-in.js';
import { openPairs, writePairs } from '../../../src/library/artifact/pairs.js';
import { pixelFiles } from '../../../src/library/artifact/pixel-files.js';
import { writeImages } from '../../../src/library/artifact/write-images.js';
import { writeItems } from '../../../src/library/artifact/write-items.js';
import { beginPixels, writePixels } from '../../../src/library/artifact/write-pixels.js';
import {
  artifactOf,
  filesOf,
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

it('gives the same pixels by each way of asking, from one file, from shards, and through `rows.npy`', async () => {
  const { pixels, ...about } = content;
  const whole = openImages(artifactOf(written(), 'Images'));
  const sharded = freshFolder();
  writeItems(join(sharded, 'items.json'), about);
  const shards = [pixels.subarray(0, 24), pixels.subarray(24)];
  shards.forEach((data, number) => {
    writeNpy(join(sharded, `images-0000${number}.npy`), {
      shape: [data.length / 12, 2, 2, 3],
      data,
    });
  });
  const some = freshFolder();
  cpSync(sharded, some, { recursive: true });
  rmSync(join(some, 'items.json'));
  writeItems(join(some, 'items.json'), { ...about, items: [item('c', 'train', 'red')] });
  writeNpy(join(some, 'rows.npy'), { shape: [1], data: Int32Array.of(2) });
  for (const [folder, places] of [
    [sharded, [0, 1, 2]],
    [some, [2]],
  ] as const) {
    const images = openImages(artifactOf(folder, 'Images'));
    expect(images.count).toBe(places.length);
    const all = Int32Array.from(places.keys());
    const expected = whole.pixels(Int32Array.from(places));
    expect(images.pixels(all)).toEqual(expected);
    expect(await images.fetch(all)).toEqual(expected);
    expect([...images.image(0)]).toEqual([...whole.image(places[0])]);
  }
});

it('reads of many pixels only what is asked for', async () => {
  const folder = freshFolder();
  const [count, size] = [150, 1000];
  const items = Array.from({ length: count }, (_, index) => item(`${index}`, 'train', 'red'));
  writeItems(join(folder, 'items.json'), { ...content, items });
  // What is not put takes no room on the disk.
  const files = pixelFiles(count, size, 2 ** 27);
  const place = { folder, files, size };
  beginPixels(place);
  const pixels = new Uint8Array(3 * size * size * 3).map((_, i) => i % 251);
  const writer = writePixels(place);
  await writer.put(43, pixels); // across the end of a shard
  writer.close();
  expect(filesOf(folder).length).toBe(5);
  const images = openImages(artifactOf(folder, 'Images'));
  expect(images.size).toBe(size);
  const before = process.memoryUsage().arrayBuffers;
  const [three, black] = [Int32Array.of(43, 44, 45), Int32Array.of(149, 0)];
  expect(Buffer.compare(images.pixels(three), pixels)).toBe(0);
  expect(Buffer.compare(await images.fetch(three), pixels)).toBe(0);
  expect(images.pixels(black).every((value) => value === 0)).toBe(true);
  expect((await images.fetch(black)).every((value) => value === 0)).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 27);
  rmSync(folder, { recursive: true });
});

it('refuses shards that do not belong together', () => {
  const cases: [RegExp, (folder: string) => void][] = [
    [
      /`images-00000\.npy to images-00001\.npy` hold 2 images, but items\.json names 3/,
      (folder) => rmSync(join(folder, 'images-00002.npy')),
    ],
    [
      /`images-00000\.npy` holds 1 images, but items\.json names 3/,
      (folder) => rmSync(join(folder, 'images-00001.npy')),
    ],
    [
      /`images\.npy` is not there; the stage left/,
      (folder) => rmSync(join(folder, 'images-00000.npy')),
    ],
    [
      /images-00001\.npy has \d+ bytes of data/,
      (folder) => truncateSync(join(folder, 'images-00001.npy'), 130),
    ],
    [
      /`images-00001\.npy` holds images of 1 px, but images-00000\.npy of 2 px/,
      (folder) =>
        writeNpy(join(folder, 'images-00001.npy'), {
          shape: [4, 1, 1, 3],
          data: new Uint8Array(12),
        }),
    ],
    [
      /`images-00002\.npy` holds uint8 of shape \(1, 2, 2, 4\), not uint8 images/,
      (folder) =>
        writeNpy(join(folder, 'images-00002.npy'), {
          shape: [1, 2, 2, 4],
          data: new Uint8Array(16),
        }),
    ],
    [
      /`images\.npy` lies beside images-00000\.npy/,
      (folder) => cpSync(join(folder, 'images-00000.npy'), join(folder, 'images.npy')),
    ],
    [
      /`rows\.npy` names row 3 for image 1, but there are 3 rows of pixels/,
      (folder) => writeNpy(join(folder, 'rows.npy'), { shape: [3], data: Int32Array.of(0, 3, 1) }),
    ],
    [
      /`rows\.npy` holds float32 of shape \(3\), not int32 of shape \(n\)/,
      (folder) => writeNpy(join(folder, 'rows.npy'), { shape: [3], data: new Float32Array(3) }),
    ],
    [
      /`rows\.npy` holds 2 images, but items\.json names 3/,
      (folder) => writeNpy(join(folder, 'rows.npy'), { shape: [2], data: Int32Array.of(0, 1) }),
    ],
  ];
  for (const [message, spoil] of cases) {
    const folder = freshFolder();
    const { pixels, ...about } = content;
    writeItems(join(folder, 'items.json'), about);
    for (let number = 0; number < 3; number++) {
      const data = pixels.subarray(12 * number, 12 * number + 12);
      writeNpy(join(folder, `images-0000${number}.npy`), { shape: [1, 2, 2, 3], data });
    }
    spoil(folder);
    expect(() => openImages(leftIn(folder, 'Images'))).toThrow(message);
  }
});

it('names the images of pairs and copies none', () => {
  const source = openImages(syntheticImages());
  const folder = freshFolder();
  writePairs(folder, source, Int32Array.of(9, 3, 3, 3));
  const { count, images, pairs } = openPairs(artifactOf(folder, 'Pairs'));
  expect(count).toBe(2);
  expect(images.items).toEqual(source.items);
  expect(pixelsOf(images)).toEqual(pixelsOf(source));
  expect([...pairs]).toEqual([9, 3, 3, 3]);
  for (const name of ['images.npy', 'items.json']) {
    expect(realpathSync(join(folder, name))).toBe(source.files.get(name));
  }
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

it('reads items in any layout alike, and lets those that say the same share it', () => {
  const { pixels, size, ...about } = content;
  const folder = freshFolder();
  const [path, other] = [join(folder, 'items.json'), join(folder, 'other.json')];
  const items = ['é', '"\\n', '漢字', ']}', '{},'].flatMap((name) => [
    item(name, 'train', 'red'),
    item(`${name}2`, 'train', 'red'),
  ]);
  for (const given of [{ ...about, items }, about, { ...about, items: [] }]) {
    rmSync(path, { force: true });
    writeItems(path, given);
    const text = readFileSync(path, 'utf8');
    const lines = readItems(path);
    expect(lines).toEqual(given);
    for (const layout of [undefined, 1]) {
      writeFileSync(other, JSON.stringify(JSON.parse(text), undefined, layout));
      expect(readItems(other)).toEqual(given);
    }
    for (const spoilt of [text.slice(0, -3), text.slice(0, -40), `${text}{}`, `[${text}`]) {
      writeFileSync(other, spoilt);
      expect(() => readItems(other)).toThrow(/`items\.json` is no JSON, or is cut off/);
    }
    writeFileSync(other, Buffer.from(text.replace('MIT', 'M\xffT'), 'latin1'));
    expect(() => readItems(other)).toThrow('`items.json` is not UTF-8');
    const [one, two] = lines.items;
    if (one && two && given.items === items) expect(one.attributes).toBe(two.attributes);
  }
});
