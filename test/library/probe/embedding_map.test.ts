import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../src/base/files/npy.js';
import { run as aligned } from '../../../src/library/probe/aligned_map.js';
import { run } from '../../../src/library/probe/embedding_map.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { artifactOf, contextOf, filesOf, freshFolder, imagesOf } from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const count = 60;
const on = imagesOf(
  Array.from({ length: count }, (_, i) => ({
    split: 'test',
    class: `c${i % 3}`,
    pixels: [i, 2 * i, 255 - i],
  })),
);

/** Three groups of images by class, or what a function gives for each image and place. */
function featuresOf(value: (image: number, place: number) => number, images = count) {
  const folder = freshFolder();
  const data = Float32Array.from({ length: images * 4 }, (_, i) => value(i >> 2, i % 4));
  writeNpy(join(folder, 'features.npy'), { shape: [images, 4], data });
  return artifactOf(folder, 'Features');
}
const rng = createRng(0, 'features');
const noise = Array.from({ length: count * 4 }, () => rng.normal());
const grouped = featuresOf((i, j) => (i % 3 === j ? 5 : 0) + (noise[4 * i + j] ?? 0));
const others = featuresOf((i, j) => noise[(4 * i + j + 97) % noise.length] ?? 0);

const defaults = {
  label: 'class',
  split: 'test',
  images: 10_000,
  neighbours: 10,
  min_distance: 0.1,
  metric: 'cosine' as const,
  epochs: 60,
  seed: 0,
};
const mapOf = (folder: string) => readFileSync(join(folder, 'map.npy'));

it('lays images out, with what a report draws of them', async () => {
  const context = contextOf({ encoder: grouped, on, ...defaults });
  const { metrics, facts } = await run(context);
  expect(filesOf(context.out)).toEqual(['map.json', 'map.npy', 'thumbnails.npy']);
  expect(metrics?.trustworthiness).toBeGreaterThan(0.8);
  expect(metrics?.neighbour_overlap).toBeGreaterThan(0.4);
  expect(facts).toEqual({
    'images asked': count,
    split: 'test',
    'images of the split': count,
    neighbours: 10,
    features: 4,
  });
  expect(readNpy(join(context.out, 'map.npy'), 'map.npy').shape).toEqual([count, 2]);
  const { shape, data } = readNpy(join(context.out, 'thumbnails.npy'), 'thumbnails.npy');
  expect(shape).toEqual([count, 2, 2, 3]);
  expect([...data.subarray(12, 15)]).toEqual([1, 2, 254]);
  const about = JSON.parse(readFileSync(join(context.out, 'map.json'), 'utf8'));
  expect(about).toMatchObject({ label: 'class', values: ['c0', 'c1', 'c2'] });
  expect(about.images.slice(0, 2)).toEqual([
    ['test-0', 0],
    ['test-1', 1],
  ]);
  expect(context.reported.at(-1)).toEqual({ unit: 'epoch', done: 60, total: 60 });
  const again = contextOf({ encoder: grouped, on, ...defaults });
  await run(again);
  expect(mapOf(again.out)).toEqual(mapOf(context.out));
  const seeded = contextOf({ encoder: grouped, on, ...defaults, seed: 1 });
  await run(seeded);
  expect(mapOf(seeded.out)).not.toEqual(mapOf(context.out));
});

it('follows the map of a reference, and counts the neighbours that both have', async () => {
  const alone = contextOf({ encoder: grouped, on, ...defaults });
  await run(alone);
  const own = contextOf({ encoder: grouped, reference: grouped, on, ...defaults });
  expect((await aligned(own)).metrics?.shared_neighbours).toBe(1);
  expect(mapOf(own.out)).toEqual(mapOf(alone.out));
  const turned = featuresOf((i, j) => (i % 3 === j ? 5 : 0) + 1.1 * (noise[4 * i + j] ?? 0));
  const near = contextOf({ encoder: turned, reference: grouped, on, ...defaults });
  const far = contextOf({ encoder: others, reference: grouped, on, ...defaults });
  const shares = [await aligned(near), await aligned(far)].map(
    ({ metrics }) => metrics?.shared_neighbours ?? 0,
  );
  expect(shares[0]).toBeGreaterThan(0.7);
  expect(shares[1]).toBeLessThan(0.4);
  /** How far images lie from where they lie in the map that is followed. */
  const apart = (folder: string) => {
    const [a, b] = [folder, alone.out].map((at) => readNpy(join(at, 'map.npy'), 'map').data);
    return Array.from(a ?? [], (x, i) => Math.abs(x - (b?.[i] ?? 0))).reduce((x, y) => x + y, 0);
  };
  expect(apart(near.out)).toBeLessThan(apart(far.out));
});

it('draws some of the images where there are more than asked for', async () => {
  const context = contextOf({ encoder: grouped, on, ...defaults, images: 30 });
  expect((await run(context)).facts).toMatchObject({
    'images asked': 30,
    'images of the split': count,
  });
  const { images } = JSON.parse(readFileSync(join(context.out, 'map.json'), 'utf8'));
  expect(new Set(images.map(String)).size).toBe(30);
});

it('refuses too few images, constant features and what is no number', async () => {
  const params = { encoder: grouped, on, ...defaults };
  await expect(run(contextOf({ ...params, neighbours: 30 }))).rejects.toMatchObject({
    code: 'too-few-images',
    message: 'split `test` has 60 images, and a map by 30 neighbours needs 61 at least',
    help: 'Give `neighbours: 29` or less, or more images.',
  });
  await expect(run(contextOf({ ...params, images: 20 }))).rejects.toMatchObject({
    message: '`images` is 20, and a map by 10 neighbours needs 21 at least',
  });
  const constant = featuresOf((_, j) => j);
  const reference = { ...params, reference: constant };
  await expect(aligned(contextOf(reference))).rejects.toMatchObject({
    code: 'constant-features',
    message: expect.stringMatching(
      /^all 60 images .* by `reference`, so there is nothing to compare$/,
    ),
  });
  const longer = featuresOf((i, j) => (i + 1) * (j + 1));
  await expect(run(contextOf({ ...params, encoder: longer }))).rejects.toMatchObject({
    code: 'constant-features',
    message: expect.stringContaining('by `encoder` but for length'),
  });
  const broken = featuresOf((i) => (i === 3 ? Number.NaN : i));
  await expect(run(contextOf({ ...params, encoder: broken }))).rejects.toMatchObject({
    code: 'bad-features',
    message: 'there is NaN as feature 0 of image "test-3"',
  });
});

it('remarks images that have more copies than neighbours', async () => {
  const copies = featuresOf((i, j) => (i < 20 ? j + 1 : (noise[4 * i + j] ?? 0)));
  const context = contextOf({ encoder: copies, on, ...defaults });
  await run(context);
  expect(context.remarked).toEqual([
    '20 of the 60 images have the same features as 10 others or more: which of these are neighbours is by their order alone',
  ]);
});
