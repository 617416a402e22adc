import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { make as pixels } from '../../../src/library/backbone/pixels.js';
import { run as alignmentUniformity } from '../../../src/library/probe/alignment_uniformity.js';
import { run as lidar } from '../../../src/library/probe/lidar.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import {
  contextOf,
  croppedViews,
  encoderOf,
  imagesOf,
  size,
  syntheticImages,
} from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const plain = {
  views: croppedViews.views.map((view) => ({ ...view, crop: undefined, flip: 0 })),
};
const on = syntheticImages();

async function encoderOfSize(size: number) {
  const backbone = pixels({ size });
  const context = contextOf({ backbone, seed: 0 });
  await randomInit(context);
  return encoderOf(context.out, backbone);
}

it('finds views of an image nearer than images, and plain views alike', async () => {
  const encoder = await encoderOfSize(size);
  const params = { encoder, on, views: croppedViews, split: 'test', seed: 0 };
  const context = contextOf(params);
  const { metrics, facts } = await alignmentUniformity(context);
  expect(metrics?.alignment).toBeGreaterThan(0);
  expect(metrics?.uniformity).toBeLessThan(0);
  expect(facts).toEqual({ 'images asked': 18, features: size * size * 3 });
  expect((await alignmentUniformity(contextOf(params))).metrics).toEqual(metrics);
  const still = await alignmentUniformity(contextOf({ ...params, views: plain }));
  expect(still.metrics?.alignment).toBeCloseTo(0, 6);
});

it('changes images alike for every encoder, however many it takes at a time', async () => {
  const encoder = await encoderOfSize(size);
  const path = encoder.file('encoder.json');
  const params = { encoder, on, views: croppedViews, split: 'test', seed: 0 };
  const { metrics } = await alignmentUniformity(contextOf(params));
  // As large that four go through it at once.
  const text = readFileSync(path, 'utf8').replace('"size": null', '"size": 512');
  expect(text).toContain('512');
  writeFileSync(path, text);
  const other = await alignmentUniformity(contextOf(params));
  expect(other.metrics?.alignment).toBeCloseTo(metrics?.alignment ?? 0, 6);
  expect(other.metrics?.uniformity).toBeCloseTo(metrics?.uniformity ?? 0, 6);
});

it('measures the rank by views of drawn images, and says where there are fewer than asked', async () => {
  const encoder = await encoderOfSize(size);
  const params = {
    encoder,
    on,
    views: croppedViews,
    split: 'train',
    images: 20,
    count: 4,
    seed: 0,
  };
  const context = contextOf(params);
  const { metrics, facts } = await lidar(context);
  expect(metrics?.lidar).toBeGreaterThan(1);
  expect(metrics?.lidar).toBeLessThan(19.1);
  expect(facts).toMatchObject({ 'images asked': 20, 'views of an image': 4 });
  expect(context.remarked).toEqual([]);
  const more = contextOf({ ...params, images: 1000 });
  await lidar(more);
  expect(more.remarked).toEqual([
    '`images` is 1000, but split `train` has 36: LiDAR is at most one less',
  ]);
  const still = contextOf({ ...params, views: plain });
  await lidar(still);
  expect(still.remarked).toEqual([
    'the 4 views of each image have the same features: nothing varies but images, and LiDAR says how many dimensions these fill',
  ]);
});

it('refuses images that look alike, and one image', async () => {
  const encoder = await encoderOfSize(2);
  const views = { views: plain.views.map((view) => ({ ...view, size: 2 })) };
  const alike = (count: number) =>
    imagesOf(
      Array.from({ length: count }, () => ({ split: 'train', class: 'a', pixels: [9, 9, 9] })),
    );
  const params = { encoder, views, split: 'train', images: 5, count: 2, seed: 0 };
  await expect(lidar(contextOf({ ...params, on: alike(5) }))).rejects.toMatchObject({
    code: 'constant-features',
  });
  await expect(lidar(contextOf({ ...params, on: alike(1) }))).rejects.toMatchObject({
    code: 'too-few-images',
  });
  await expect(alignmentUniformity(contextOf({ ...params, on: alike(1) }))).rejects.toMatchObject({
    code: 'too-few-images',
    message: 'split `train` has one image, and uniformity is of pairs of images',
  });
});
