import { expect, it } from 'vitest';
import { writeImages } from '../../../src/library/artifact/write-images.js';
import { run } from '../../../src/library/data/leakage.js';
import { createRng } from '../../../src/tensor/rng.js';
import { artifactOf, contextOf, freshFolder } from '../synthetic.js';

const size = 32;

/** Blobs that are larger than a field, by a seed. */
function picture(seed: number): Uint8Array {
  const rng = createRng(seed, 'leakage');
  const levels = Array.from({ length: 64 }, () => 40 + 160 * rng.uniform());
  return Uint8Array.from({ length: size * size * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const [x, y] = [pixel % size, Math.floor(pixel / size)];
    return Math.round(levels[8 * (y >> 2) + (x >> 2)] ?? 0);
  });
}

const brighter = (pixels: Uint8Array) => pixels.map((level) => Math.round(20 + 0.8 * level));
const noisy = (pixels: Uint8Array, by: number) => {
  const rng = createRng(1, 'noise');
  return pixels.map((level) => Math.max(0, Math.min(255, level + by * (rng.uniform() - 0.5))));
};

function imagesOf(drawn: readonly (readonly [split: string, pixels: Uint8Array])[]) {
  const folder = freshFolder();
  const items = drawn.map(([split], at) => ({
    name: `${split}-${at}`,
    split,
    attributes: { class: 'a' },
  }));
  const pixels = Buffer.concat(drawn.map(([, pixels]) => pixels));
  writeImages(folder, { size, pixels, items, values: { class: ['a'] }, sources: [] });
  return artifactOf(folder, 'Images');
}

it('counts images to test on that are those of training, or almost', async () => {
  const train = Array.from({ length: 6 }, (_, seed) => ['train', picture(seed)] as const);
  const plain = ['train', new Uint8Array(size * size * 3).fill(90)] as const;
  const on = imagesOf([
    ...train,
    plain,
    ['test', picture(0)],
    ['test', brighter(picture(1))],
    ['test', noisy(picture(2), 60)],
    ['test', picture(100)],
    ['test', new Uint8Array(size * size * 3).fill(91)],
  ]);
  const context = contextOf({ on, train: 'train', test: 'test', likeness: 0.98 });
  const { metrics } = await run(context);
  expect(metrics).toEqual({ images: 5, exact: 1, near: 3, share: 0.6 });
  expect(context.remarked).toEqual([
    expect.stringMatching(/^3 of the 5 images of split `test` are almost one of split `train` \(/),
  ]);
  expect(context.remarked[0]).toContain('test-8 = train-1');
});

it('takes no image of one colour for another, whatever the colours', async () => {
  // The mean of 200, 0 and 0 is no number of float32.
  const plain = (...colour: readonly number[]) =>
    Uint8Array.from({ length: size * size * 3 }, (_, at) => colour[at % 3] ?? 0);
  const on = imagesOf([
    ['train', plain(0, 200, 0)],
    ['train', plain(255, 255, 1)],
    ['test', plain(200, 0, 0)],
    ['test', plain(0, 7, 0)],
    ['test', plain(255, 255, 1)],
  ]);
  const context = contextOf({ on, train: 'train', test: 'test', likeness: 0.5 });
  expect((await run(context)).metrics).toEqual({ images: 3, exact: 1, near: 0, share: 0 });
  expect(context.remarked).toEqual([]);
});

it('does not take an image for a copy of itself', async () => {
  const on = imagesOf([
    ['train', picture(0)],
    ['train', picture(1)],
    ['train', picture(0)],
  ]);
  const params = { on, train: 'train', test: 'train', likeness: 0.98 };
  expect((await run(contextOf(params))).metrics).toMatchObject({ exact: 2, near: 2 });
});
