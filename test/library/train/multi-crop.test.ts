import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { writePairs } from '../../../src/library/artifact/pairs.js';
import { writeImages } from '../../../src/library/artifact/write-images.js';
import { make as constant } from '../../../src/library/optim/constant.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { make as byol } from '../../../src/library/ssl/byol.js';
import type { Artifact, Method, Views } from '../../../src/library/stage.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { make as byolViews } from '../../../src/library/views/byol_views.js';
import { make as dinoViews } from '../../../src/library/views/dino_views.js';
import { make as multiCrop } from '../../../src/library/views/multi_crop.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { tf } from '../../../src/tensor/tf.js';
import { smallNetwork } from '../small-network.js';
import { artifactOf, contextOf, freshFolder, syntheticPairs } from '../synthetic.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});
afterEach(() => {
  delete process.env.SSP_EAGER;
});

const size = 16;

/** Pairs of a black and a white image. */
function blackAndWhite(): Artifact {
  const count = 16;
  const length = size * size * 3;
  const pixels = new Uint8Array(count * length);
  for (let i = 0; i < count; i += 2) pixels.fill(255, (i + 1) * length, (i + 2) * length);
  const items = Array.from({ length: count }, (_, i) => ({
    name: `${i}`,
    split: 'train',
    attributes: { class: `${i >> 1}` },
  }));
  const values = { class: Array.from({ length: count / 2 }, (_, i) => `${i}`) };
  const source = freshFolder();
  writeImages(source, { size, pixels, items, values, sources: [] });
  const folder = freshFolder();
  const images = openImages(artifactOf(source, 'Images'));
  writePairs(
    folder,
    images,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  return artifactOf(folder, 'Pairs');
}

/** BYOL, and how bright and how large each view is. */
const method: Method = {
  ...byol({ tau: 0.9, schedule: 'cosine', target: 'fresh', hidden: 8, dim: 4 }),
  loss(step) {
    const given = byol({ tau: 0.9, schedule: 'cosine', target: 'fresh', hidden: 8, dim: 4 }).loss(
      step,
    );
    const watch = step.views.flatMap((view, index) => [
      [`bright${index}`, tf.mean(view)],
      [`size${index}`, tf.scalar(view.shape[1])],
    ]);
    return { ...given, watch: Object.fromEntries(watch) };
  },
};

const colours = {
  ratio: { low: 0.75, high: 4 / 3 },
  flip: 0.5,
  rotation: 20,
  jitter: 0.8,
  strength: 1,
  grayscale: 0.2,
  sigma: { low: 0.1, high: 2 },
  solarise: 0.2,
};
const dino = dinoViews({
  ...colours,
  size,
  local_size: 8,
  locals: 4,
  scale: { low: 0.4, high: 1 },
  local_scale: { low: 0.05, high: 0.4 },
});

async function train(pairs: Artifact, views: Views): Promise<readonly Record<string, number>[]> {
  const context = contextOf({
    pairs,
    views,
    method,
    backbone: smallNetwork,
    epochs: 2,
    batch: 4,
    optimizer: sgd({ lr: 1e-3, momentum: 0, nesterov: false, decay: 0, exclude: false }),
    schedule: constant({}),
    init: null,
    precision: 'fp32' as const,
    seed: 2,
  });
  await pretrain(context);
  return JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8')).rows;
}

it('trains on views of several sizes alike compiled and eagerly', async () => {
  const pairs = syntheticPairs();
  const compiled = await train(pairs, dino);
  expect(compiled).toHaveLength(2);
  process.env.SSP_EAGER = '1';
  const eager = await train(pairs, dino);
  compiled.forEach((row, epoch) => {
    for (const [name, value] of Object.entries(row)) {
      const difference = Math.abs(value - (eager[epoch]?.[name] ?? Number.NaN));
      expect(difference / Math.max(1, Math.abs(value)), name).toBeLessThan(1e-4);
    }
  });
});

it('shows the images of a pair in turn: the first through even views, the second through odd ones', async () => {
  const plain = { ...colours, rotation: 0, jitter: 0, grayscale: 0, solarise: 0, second_blur: 0 };
  const globals = byolViews({ ...plain, size, scale: { low: 0.5, high: 1 }, blur: 0 });
  const locals = byolViews({ ...plain, size: 8, scale: { low: 0.1, high: 0.5 }, blur: 0 });
  const unchanged = { mean: [0, 0, 0], std: [1, 1, 1] } as const;
  const { views } = multiCrop({ globals, locals, count: 5 });
  const [row] = await train(blackAndWhite(), {
    views: views.map((view) => ({ ...view, normalise: unchanged })),
  });
  const column = (name: string) =>
    Array.from({ length: 7 }, (_, index) => row?.[`${name}${index}`]);
  expect(column('size')).toEqual([size, size, 8, 8, 8, 8, 8]);
  column('bright').forEach((value, index) => {
    expect(value, `view ${index}`).toBeCloseTo(index % 2, 5);
  });
});
