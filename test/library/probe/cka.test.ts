import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { writeNpy } from '../../../src/base/files/npy.js';
import { run } from '../../../src/library/probe/cka.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { artifactOf, contextOf, freshFolder, imagesOf } from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const images = (count: number) =>
  imagesOf(Array.from({ length: count }, (_, i) => ({ split: 'test', class: 'a', pixels: [i] })));

/** Features of one's own: what a function gives for each image and place. */
function featuresOf(count: number, d: number, value: (image: number, place: number) => number) {
  const folder = freshFolder();
  const data = Float32Array.from({ length: count * d }, (_, i) => value(Math.floor(i / d), i % d));
  writeNpy(join(folder, 'features.npy'), { shape: [count, d], data });
  return artifactOf(folder, 'Features');
}

it('compares two encoders of other lengths', async () => {
  const rng = createRng(0, 'cka');
  const noise = Array.from({ length: 400 }, () => rng.normal());
  const on = images(100);
  const encoder = featuresOf(100, 2, (i, j) => (j === 0 ? i : (noise[i] ?? 0)));
  const other = featuresOf(100, 3, (i, j) => -2 * i * (j + 1));
  const alike = contextOf({ encoder, other, on, split: 'test' });
  const { metrics, facts } = await run(alike);
  expect(metrics?.cka).toBeGreaterThan(0.99);
  expect(facts).toEqual({ 'images asked': 100, features: '2 and 3' });
  const strange = featuresOf(100, 3, (i, j) => noise[100 + 3 * i + j] ?? 0);
  const { metrics: apart } = await run(contextOf({ encoder, other: strange, on, split: 'test' }));
  expect(Math.abs(apart?.debiased ?? 1)).toBeLessThan(0.1);
});

it('refuses constant features, those that differ by rounding, and too few images', async () => {
  const on = images(5);
  const encoder = featuresOf(5, 2, (i, j) => i + j);
  const constant = featuresOf(5, 2, (_, j) => 3 + j);
  await expect(
    run(contextOf({ encoder, other: constant, on, split: 'test' })),
  ).rejects.toMatchObject({
    code: 'constant-features',
    message:
      'all 5 images of split `test` have the same features by `other`, so there is nothing to compare',
  });
  const rounded = featuresOf(5, 2, (i, j) => 3 + j + 2e-7 * (i % 2));
  await expect(
    run(contextOf({ encoder: rounded, other: encoder, on, split: 'test' })),
  ).rejects.toMatchObject({
    message: expect.stringMatching(
      /the same features but for rounding \(\de-8 of their length\) by `encoder`/,
    ),
  });
  // of one image unlike the others the unbiased estimate is 0, and its rounding would be a number of any sign
  for (const count of [5, 20]) {
    const one = featuresOf(count, 2, (i) => (i === 2 ? 1 : 0.3));
    const given = { encoder: one, other: one, on: images(count), split: 'test' };
    await expect(run(contextOf(given))).rejects.toMatchObject({
      code: 'constant-features',
      message: expect.stringContaining('but for one of them: unbiased estimates say nothing'),
    });
  }
  const three = { encoder: featuresOf(3, 1, (i) => i), on: images(3), split: 'test' };
  await expect(run(contextOf({ ...three, other: three.encoder }))).rejects.toMatchObject({
    code: 'too-few-images',
    message: 'split `test` has 3 images, and CKA needs 4 at least',
  });
});

it('refuses features that are no number, and names the image', async () => {
  const broken = featuresOf(5, 2, (i) => (i === 3 ? Number.NaN : i));
  const params = { encoder: broken, other: broken, on: images(5), split: 'test' };
  await expect(run(contextOf(params))).rejects.toMatchObject({
    code: 'bad-features',
    message: 'there is NaN as feature 0 of image "test-3"',
  });
});
