import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../src/base/files/npy.js';
import { readSafetensors } from '../../../src/base/files/safetensors.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { openPairs, writePairs } from '../../../src/library/artifact/pairs.js';
import { pixelFiles } from '../../../src/library/artifact/pixel-files.js';
import { writeImages } from '../../../src/library/artifact/write-images.js';
import { writeItems } from '../../../src/library/artifact/write-items.js';
import { beginPixels, writePixels } from '../../../src/library/artifact/write-pixels.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import type { Schedule } from '../../../src/library/stage.js';
import { run } from '../../../src/library/train/pretrain.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { tf } from '../../../src/tensor/tf.js';
import {
  artifactOf,
  contextOf,
  croppedViews,
  filesOf,
  freshFolder,
  size,
  syntheticPairs,
} from '../synthetic.js';

const pairs = syntheticPairs();
const method = simclr({ temperature: 0.5, hidden: 8, dim: 4, head: 'paper', sum: false });
const params = {
  pairs,
  views: croppedViews,
  method,
  backbone: resnet18({ width: 2, stem: 'small-half', zero_init_residual: false }),
  epochs: 3,
  batch: 8,
  optimizer: adamw({
    lr: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    decay: 1e-4,
    final_decay: null,
    exclude: false,
  }),
  schedule: cosine({ warmup: 1, start: null, final: 0, every: 'step' }),
  init: null,
  precision: 'fp32',
  seed: 1,
} as const;
const resolved = {
  backbone: {
    describe: 'std.backbone.resnet18',
    version: 1,
    args: { width: 2, stem: 'small-half' },
  },
  optimizer: { describe: 'std.optim.adamw', version: 1, args: { lr: 0.01 } },
};

/** The schedule, failing at one of the steps as a killed process does. */
function failingAt(step: number): Schedule {
  return {
    scale(at, ...rest) {
      if (at === step) throw new Error('killed');
      return params.schedule.scale(at, ...rest);
    },
  };
}

const contentOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesOf(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]),
  );

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('writes weights, description, history and samples', async () => {
  const context = contextOf(params, { resolved });
  expect(await run(context)).toEqual({
    facts: { pairs: 36, 'steps an epoch': 4, 'left out in an epoch': 4, epochs: 3, steps: 12 },
    watched: {
      signs: {
        loss: { what: expect.any(String) },
        feature_std: { what: expect.any(String), lines: { collapse: 0 } },
        lr: { what: expect.any(String) },
        of_chance: { what: expect.any(String), lines: { guess: 1 } },
        rankme: { what: expect.any(String), lines: { most: 16 } },
        alignment: { what: expect.any(String) },
        uniformity: { what: expect.any(String) },
      },
      rows: [1, 2, 3].map((epoch) => expect.objectContaining({ epoch })),
    },
  });
  const out = context.out;
  expect(filesOf(out)).toEqual([
    'encoder.json',
    'encoder.safetensors',
    'history.json',
    'samples.npy',
  ]);
  const { tensors } = readSafetensors(join(out, 'encoder.safetensors'));
  expect(tensors['conv1.weight']?.shape).toEqual([2, 3, 3, 3]); // OIHW
  expect(tensors['layer2.0.downsample.0.weight']?.shape).toEqual([4, 2, 1, 1]);
  expect(tensors['bn1.running_mean']?.shape).toEqual([2]);
  expect(Object.keys(tensors).some((name) => name.includes('projector'))).toBe(false);

  const perEpoch = Math.floor(openImages(pairs).indicesOf('train').length / 8);
  const encoder = JSON.parse(readFileSync(join(out, 'encoder.json'), 'utf8'));
  expect(encoder).toMatchObject({
    version: 1,
    network: 'resnet18',
    arguments: resolved.backbone.args,
    names: 'torchvision',
    features: 16,
    input: { size },
    steps: 3 * perEpoch,
    images: 3 * perEpoch * 16,
  });
  const { rows } = JSON.parse(readFileSync(join(out, 'history.json'), 'utf8'));
  expect(rows.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2, 3]);
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(['epoch', 'loss', 'feature_std', 'lr']);
    expect(row.loss).toBeGreaterThan(0);
    expect(row.feature_std).toBeGreaterThan(0);
  }
  expect(rows[0].lr).toBeLessThanOrEqual(0.01);
  const samples = readNpy(join(out, 'samples.npy'));
  expect(samples.shape).toEqual([8, 2, size, size, 3]);
  expect(samples.data).toBeInstanceOf(Uint8Array);
  expect(Math.max(...samples.data)).toBeGreaterThan(180);
});

it('ends in the same bytes unbroken, repeated, and resumed after a failure at any step', async () => {
  const unbroken = contextOf(params, { resolved });
  await run(unbroken);
  const bytes = contentOf(unbroken.out);
  const again = contextOf(params, { resolved });
  await run(again);
  expect(contentOf(again.out)).toEqual(bytes);
  for (const step of [2, 9]) {
    const checkpoint = freshFolder();
    const broken = contextOf({ ...params, schedule: failingAt(step) }, { resolved, checkpoint });
    await expect(run(broken)).rejects.toThrow('killed');
    const resumed = contextOf(params, { resolved, checkpoint });
    await run(resumed);
    expect(contentOf(resumed.out)).toEqual(bytes);
  }
});

it('ends in the same bytes in whatever form the images lie, and wherever they are read from', async () => {
  const whole = contextOf(params, { resolved });
  await run(whole);
  const { images, pairs: places } = openPairs(pairs);
  const { items, values, sources } = images;
  // The images of pairs alone, copied, as they were kept before.
  const shown = Int32Array.from(new Set(places)).sort();
  const copied = freshFolder();
  const kept = Array.from(shown, (index) => images.item(index));
  writeImages(copied, { size, items: kept, values, sources, pixels: images.pixels(shown) });
  const data = places.map((index) => shown.indexOf(index));
  writeNpy(join(copied, 'pairs.npy'), { shape: [data.length / 2, 2], data });
  // Scattered over more rows than memory holds: each step waits for what was read ahead of it.
  const scattered = freshFolder();
  const rows = Int32Array.from(items.keys(), (index) => ((index * 7919) % items.length) * 9000);
  const files = pixelFiles(9000 * items.length, size, 2 ** 27);
  expect(9000 * items.length * size * size * 3).toBeGreaterThan(2 ** 28);
  beginPixels({ folder: scattered, files, size });
  const writer = writePixels({ folder: scattered, files, size });
  for (const [index, row] of rows.entries()) await writer.put(row, images.image(index));
  writer.close();
  writeItems(join(scattered, 'items.json'), { items, values, sources });
  writeNpy(join(scattered, 'rows.npy'), { shape: [rows.length], data: rows });
  writeNpy(join(scattered, 'pairs.npy'), { shape: [places.length / 2, 2], data: places });
  for (const folder of [copied, scattered]) {
    const other = contextOf({ ...params, pairs: artifactOf(folder, 'Pairs') }, { resolved });
    await run(other);
    expect(contentOf(other.out)).toEqual(contentOf(whole.out));
  }
  rmSync(scattered, { recursive: true });
});

it('gives other weights for another seed', async () => {
  const [one, two] = [
    contextOf(params, { resolved }),
    contextOf({ ...params, seed: 2 }, { resolved }),
  ];
  await run(one);
  await run(two);
  expect(contentOf(two.out)['encoder.safetensors']).not.toBe(
    contentOf(one.out)['encoder.safetensors'],
  );
});

it('leaks no tensor', async () => {
  await run(contextOf(params, { resolved }));
  const before = tf.memory().numTensors;
  await run(contextOf(params, { resolved }));
  expect(tf.memory().numTensors).toBe(before);
});

it('says that a batch is larger than the pairs', async () => {
  await expect(run(contextOf({ ...params, batch: 4096 }))).rejects.toMatchObject({
    code: 'batch-too-large',
    message: expect.stringMatching(/4096.*\d+/),
    help: expect.stringMatching(/^Give `batch: \d+` or another number from 2 to \d+\.$/),
  });
});

it('gives advice for the fewest pairs that can be followed', async () => {
  const images = openImages(pairs);
  const first = async (count: number): Promise<unknown> => {
    const folder = freshFolder();
    writePairs(
      folder,
      images,
      new Int32Array(2 * count).map((_, index) => index),
    );
    const few = contextOf({ ...params, pairs: artifactOf(folder, 'Pairs'), batch: 4 });
    return run(few).catch((error: unknown) => error);
  };
  expect(await first(1)).toMatchObject({
    code: 'too-few',
    message: 'a training takes at least 2 pairs, and there is 1',
    help: '`batch` is 2 or more: give the training more pairs.',
  });
  expect(await first(2)).toMatchObject({ code: 'batch-too-large', help: 'Give `batch: 2`.' });
  expect(await first(3)).toMatchObject({
    help: 'Give `batch: 2` or another number from 2 to 3.',
  });
});

it('says that the method needs another number of views', async () => {
  const three = { ...method, views: 3 };
  await expect(run(contextOf({ ...params, method: three }))).rejects.toMatchObject({
    code: 'view-count',
  });
});

it('says that the method sees its views in one pass, and they have several sizes', async () => {
  const views = { views: croppedViews.views.map((view, i) => ({ ...view, size: 8 + 4 * i })) };
  const named = {
    method: { describe: 'std.ssl.simclr', args: {} },
    views: { describe: 'std.views.pirl_views', args: {} },
  };
  const context = contextOf({ ...params, views }, { resolved: { ...resolved, ...named } });
  await expect(run(context)).rejects.toMatchObject({
    code: 'view-sizes',
    message:
      'simclr sees both views in one pass, and pirl_views makes one of 8 px and one of 12 px',
  });
});
