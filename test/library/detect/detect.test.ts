import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNpy } from '../../../src/base/files/npy.js';
import { type BoxedImage, type Boxes, writeBoxes } from '../../../src/library/artifact/boxes.js';
import { writeImages } from '../../../src/library/artifact/write-images.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { run as detect, training } from '../../../src/library/detect/detect.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as constant } from '../../../src/library/optim/constant.js';
import { make as cosine } from '../../../src/library/optim/cosine.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { replayTraining } from '../../../src/library/replay-training.js';
import type { Progress } from '../../../src/library/stage.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { curvesIn } from '../../../src/report/detections/curves-file.js';
import { rowsIn } from '../../../src/report/detections/pictures-file.js';
import { createRng } from '../../../src/tensor/rng.js';
import { artifactOf, contextOf, encoderOf, freshFolder } from '../synthetic.js';

const size = 48;
const colours = [
  [220, 40, 40],
  [40, 60, 220],
] as const;

/** Grey images of several sizes with one or two red or blue boxes in each. */
function boxedImages(count: number) {
  const pixels = new Uint8Array(count * size * size * 3).fill(255);
  const images: BoxedImage[] = [];
  for (let index = 0; index < count; index++) {
    const rng = createRng(index, 'boxes');
    const [width, height] = [size - rng.below(10), size - rng.below(10)];
    const paint = (box: readonly number[], colour: readonly number[]) => {
      const [left = 0, top = 0, right = 0, bottom = 0] = box;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) pixels.set(colour, ((index * size + y) * size + x) * 3);
      }
    };
    paint([0, 0, width, height], [120, 120, 120]);
    const objects = Array.from({ length: 1 + rng.below(2) }, (_, at) => {
      const [w, h] = [10 + rng.below(9), 10 + rng.below(9)];
      const left = (at * width) / 2 + rng.below(Math.max(1, Math.floor(width / 2) - w));
      const box = [Math.floor(left), rng.below(height - h), Math.floor(left) + w, 0] as const;
      const [l, t, r] = box;
      const name = rng.below(2);
      paint([l, t, Math.min(width, r), t + h], colours[name] ?? []);
      return {
        class: name,
        box: [l, t, Math.min(width, r), t + h] as const,
        difficult: false,
        truncated: false,
      };
    });
    images.push({ width, height, place: [0, 0, width, height], objects });
  }
  const items = images.map((_, index) => ({
    name: `${index}`,
    split: index % 4 === 3 ? 'test' : 'train',
    attributes: {},
  }));
  return { pixels, items, boxes: { classes: ['red', 'blue'], images } satisfies Boxes };
}

function written(
  count: number,
  change: (boxes: Boxes) => Boxes = (boxes) => boxes,
  paint: (pixels: Uint8Array) => void = () => undefined,
) {
  const { pixels, items, boxes } = boxedImages(count);
  paint(pixels);
  const folder = freshFolder();
  writeImages(folder, { size, pixels, items, values: {}, sources: [] });
  writeBoxes(join(folder, 'boxes.json'), change(boxes));
  return artifactOf(folder, 'Images');
}

const backbone = resnet18({ width: 8, stem: 'small-half', zero_init_residual: false });

async function encoder() {
  const context = contextOf({ backbone, seed: 1 });
  await randomInit(context);
  return encoderOf(context.out, backbone);
}

async function contextOn(
  on: ReturnType<typeof written>,
  changed: object = {},
  checkpoint?: string,
) {
  const params = {
    encoder: await encoder(),
    on,
    train: 'train',
    more: null,
    test: 'test',
    scales: { low: 0.8, high: 1 },
    anchors: [8, 16, 32],
    anchor_samples: 64,
    box_samples: 16,
    roi: 14,
    proposals: 30,
    norm: 'batch' as const,
    head_norm: false,
    precision_of: 'area' as const,
    epochs: 12,
    batch: 8,
    optimizer: adamw({
      lr: 0.003,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      decay: 0,
      final_decay: null,
      exclude: false,
    }),
    schedule: cosine({ warmup: 0.5, start: null, final: 0, every: 'step' }),
    precision: 'fp32' as const,
    seed: 1,
    ...changed,
  };
  return contextOf(params, checkpoint === undefined ? {} : { checkpoint });
}

async function detected(
  on: ReturnType<typeof written>,
  changed: object = {},
  { checkpoint, stopAfter }: { readonly checkpoint?: string; readonly stopAfter?: number } = {},
) {
  const context = await contextOn(on, changed, checkpoint);
  const progress = (told: Progress): void => {
    // The first epoch is in the checkpoint by then.
    if (told.unit === 'epoch' && told.done > (stopAfter ?? Number.POSITIVE_INFINITY)) {
      throw new Error('stopped');
    }
  };
  const result = await detect({ ...context, progress });
  const text = readFileSync(join(context.out, 'detections.json'), 'utf8');
  return { ...result, context, text };
}

it('learns to find boxes', async () => {
  const { metrics, facts, text, context } = await detected(written(64), { epochs: 25 });
  expect(metrics?.ap50).toBeGreaterThan(0.5);
  expect(metrics?.ap50).toBeGreaterThan(metrics?.ap ?? 1);
  expect(facts).toMatchObject({ 'images with objects': 48, 'images tested on': 16, steps: 150 });
  const { classes, images } = JSON.parse(text);
  expect(classes).toEqual(['red', 'blue']);
  expect(images).toHaveLength(16);
  expect(images[0].image).toBe('3');
  expect(images[0].found[0]).toMatchObject({
    class: expect.any(Number),
    score: expect.any(Number),
  });
  expect(images[0].objects[0]).toMatchObject({ class: expect.any(Number), difficult: false });
  expect(context.remarked).toEqual([]);
  // What the report draws: curves that have the number that was measured, and pictures with their boxes.
  const read = (name: string) => JSON.parse(readFileSync(join(context.out, name), 'utf8'));
  const curves = read('curves.json');
  expect(curves.ap).toBe(metrics?.ap50);
  expect(curves.images).toBe(16);
  for (const { objects, ap, recall, precision } of curves.classes) {
    const best = precision.map((_: number, at: number) => Math.max(...precision.slice(at)));
    const rise = (at: number): number => recall[at] - (recall[at - 1] ?? 0);
    const area = best.reduce(
      (sum: number, height: number, at: number) => sum + height * rise(at),
      0,
    );
    expect(area).toBeCloseTo(ap, 4);
    expect(recall.length).toBeLessThanOrEqual(objects);
  }
  const { rows } = read('pictures.json');
  // The report takes both.
  const bytes = (name: string) => readFileSync(join(context.out, name));
  expect(curvesIn(bytes('curves.json'))).toEqual(expect.objectContaining({ ap: curves.ap }));
  expect(rowsIn(bytes('pictures.json'))?.rows).toEqual(rows);
  expect(rows.map(({ name }: { name: string }) => name)).toEqual(['best', 'worst', 'missed']);
  expect(rows[0].pictures).toHaveLength(6);
  expect(rows[0].pictures[0].found[0].verdict).toBe('right');
  const count = rows.reduce((sum: number, row: { pictures: [] }) => sum + row.pictures.length, 0);
  expect(readNpy(join(context.out, 'pictures.npy')).shape).toEqual([count, size, size, 3]);
}, 240_000);

it('ends in the same bytes when it was interrupted', async () => {
  const on = written(32);
  const whole = await detected(on, { epochs: 2 });
  const checkpoint = freshFolder();
  const broken = detected(on, { epochs: 2 }, { checkpoint, stopAfter: 1 });
  await expect(broken).rejects.toThrow('stopped');
  expect((await detected(on, { epochs: 2 }, { checkpoint })).text).toBe(whole.text);
}, 240_000);

it('trains in bf16 with a norm behind, near to fp32', async () => {
  const on = written(16);
  const losses: number[] = [];
  for (const precision of ['fp32', 'bf16']) {
    const { context } = await detected(on, { epochs: 1, batch: 4, head_norm: true, precision });
    const { rows } = JSON.parse(readFileSync(join(context.out, 'history.json'), 'utf8'));
    losses.push(rows[0].loss);
  }
  const [whole = 0, half = 0] = losses;
  expect(half).not.toBe(whole);
  expect(Math.abs(half / whole - 1)).toBeLessThan(0.05);
}, 240_000);

it('names the op and its line where a training met a number that is none', async () => {
  const on = written(16);
  const checkpoint = freshFolder();
  const steep = sgd({ lr: 1e20, momentum: 0, decay: 0, nesterov: false, exclude: false });
  const changed = { epochs: 2, batch: 4, optimizer: steep, schedule: constant({}) };
  await expect(detected(on, changed, { checkpoint })).rejects.toMatchObject({ code: 'nan-loss' });
  const context = await contextOn(on, changed, checkpoint);
  const { broken, origin } = await replayTraining(context, training);
  expect(broken).toMatch(/ at step \d \(epoch 1 of 2/);
  expect(origin?.op).toEqual(expect.any(String));
  expect(origin?.places[0]).toMatch(/src\/tensor\/\S+\.ts:\d+:\d+/);
}, 240_000);

it('says what it needs', async () => {
  const plain = written(8);
  rmSync(join(plain.digest, 'boxes.json'));
  await expect(detected(plain)).rejects.toMatchObject({ code: 'no-boxes' });
  const withoutParts = { ...(await encoder()), backbone: { ...backbone, parts: undefined } };
  await expect(detected(written(8), { encoder: withoutParts })).rejects.toMatchObject({
    code: 'no-parts',
  });
  const none = written(8, ({ classes, images }) => ({
    classes,
    images: images.map((image, at) => (at === 0 ? { ...image, objects: [] } : image)),
  }));
  const few = { epochs: 1, batch: 4 };
  const difficult = written(8, ({ classes, images }) => ({
    classes,
    images: images.map(({ objects, ...image }) => ({
      ...image,
      objects: objects.map((object) => ({ ...object, difficult: true })),
    })),
  }));
  // Before it trains.
  await expect(detected(difficult, { ...few, epochs: 1000 })).rejects.toThrow(
    'split `test` has no object that counts',
  );
  await expect(detected(written(8), { ...few, batch: 7 })).rejects.toMatchObject({
    code: 'batch-too-large',
  });
  const schedule = cosine({ warmup: 1, start: null, final: 0, every: 'step' });
  const { context } = await detected(none, { ...few, schedule });
  expect(context.remarked).toContainEqual(
    expect.stringMatching(/^the warm-up of 1 epoch takes all/),
  );
  expect(context.remarked).toContain('1 of 6 images has no object, and is not trained on');
  const code = (changed: object) => detected(written(8), { ...few, ...changed });
  await expect(code({ anchors: [] })).rejects.toMatchObject({ code: 'no-anchors' });
  await expect(code({ head_norm: true, norm: 'frozen' })).rejects.toMatchObject({
    code: 'frozen-norm',
  });
}, 120_000);

it('says what of the test was learnt, and which classes are in no mean or were not learnt', async () => {
  const few = { epochs: 1, batch: 2, schedule: constant({}) };
  const remarks = async (on: ReturnType<typeof written>, changed: object) =>
    (await detected(on, { ...few, ...changed })).context.remarked;
  const learnt = (parameter: string, split: string) =>
    `\`${parameter}\` and \`test\` are the same split, \`${split}\`: the score is of images that were learnt`;
  expect(await remarks(written(8), { test: 'train', more: 'train' })).toEqual([
    '`train` and `more` are the same split, `train`: it is learnt from once',
    learnt('train', 'train'),
  ]);
  expect(await remarks(written(8), { more: 'test' })).toContain(learnt('more', 'test'));
  const odd = written(16, ({ images }) => ({
    classes: ['red', 'blue', 'green', 'grey'],
    images: images.map(({ objects, ...image }, at) => ({
      ...image,
      objects: objects.map((object) => ({
        ...object,
        // The first image of the test has one that counts, of a class that training lacks.
        class: at === 3 ? 0 : 1,
        difficult: at % 4 === 3 && at !== 3,
      })),
    })),
  }));
  expect(await remarks(odd, {})).toEqual([
    '2 of the 4 classes have no object in split `test`, and are not in the means: green, grey',
    '1 of the 4 classes has no object that counts in split `test`, only difficult ones, and is not in the means: blue',
    '1 of the 4 classes has no object to learn from in split `train`, and counts in the means with what is found of it, as a rule nothing: red',
  ]);
  // The first image of the test is that of the training which stands before it.
  const copied = written(8, undefined, (pixels) => {
    const image = size * size * 3;
    pixels.copyWithin(3 * image, 2 * image, 3 * image);
  });
  expect(await remarks(copied, {})).toContain(
    '1 of the 2 images of split `test` has the very pixels of an image of split `train`',
  );
}, 120_000);
