import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { factsOfImages, factsOfPairs } from '../../../src/library/artifact/facts.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { openPairs, pairLabels } from '../../../src/library/artifact/pairs.js';
import { make as pixels } from '../../../src/library/backbone/pixels.js';
import { run as augmented } from '../../../src/library/pairs/augmented_pairs.js';
import { run as automatic } from '../../../src/library/pairs/automatic_pairs.js';
import { run as corrupted } from '../../../src/library/pairs/corrupted_pairs.js';
import { run as audit } from '../../../src/library/pairs/pair_audit.js';
import { run as semantic } from '../../../src/library/pairs/semantic_pairs.js';
import { run as subset } from '../../../src/library/pairs/subset_pairs.js';
import type { Artifact, StageContext, StageResult } from '../../../src/library/stage.js';
import { run as initial } from '../../../src/library/train/random_init.js';
import {
  artifactOf,
  contextOf,
  encoderOf,
  featuresOf,
  freshFolder,
  imagesOf,
} from '../synthetic.js';

const drawn = (split: string, name: string, count: number, level: number) =>
  Array.from({ length: count }, (_, i) => ({
    split,
    class: name,
    artist: `artist ${i}`,
    pixels: [level, 20 * i, 9],
  }));

/** As STL-10 and folders with some loose images have them. */
const source = imagesOf([
  ...drawn('train', 'ant', 4, 10),
  ...drawn('train', 'unlabelled', 3, 80),
  ...drawn('train', 'bee', 4, 200),
  ...drawn('unlabelled', 'unlabelled', 5, 130),
]);

async function made<P>(
  run: (context: StageContext<P>) => Promise<StageResult>,
  params: P,
): Promise<{ pairs: Artifact; logged: readonly string[]; remarked: readonly string[] }> {
  const context = contextOf(params);
  await run(context);
  return { ...context, pairs: artifactOf(context.out, 'Pairs') };
}

const free = { source, list: null, per_class: null, reuse: null, split: 'train', seed: 0 };
const none = { ...free, split: 'unlabelled' };

async function pixelFeatures() {
  const backbone = pixels({ size: 2 });
  const resolved = { backbone: { describe: 'std.backbone.pixels', args: { size: 2 } } };
  const context = contextOf({ backbone, seed: 0 }, { resolved });
  await initial(context);
  return featuresOf(encoderOf(context.out, backbone), source);
}

it('draws no semantic pairs of images whose class is not known', async () => {
  for (const changed of [{}, { reuse: 1 }, { per_class: 1 }, { per_class: 1, reuse: 1 }]) {
    await expect(made(semantic, { ...none, ...changed })).rejects.toMatchObject({
      code: 'no-class',
      message: 'no class is known of the 5 images of split `unlabelled`: all are `unlabelled`',
      help: expect.stringContaining('`augmented_pairs`'),
    });
    const { pairs, logged, remarked } = await made(semantic, { ...free, ...changed });
    const { images, pairs: places } = openPairs(pairs);
    const shown = new Set(Array.from(places, (at) => images.item(at).attributes.class));
    expect([...shown]).toEqual(['ant', 'bee']);
    expect(logged.at(-1)).toContain('of 2 classes');
    expect(remarked).toEqual([
      '3 of the 11 images of split `train` have no class (`unlabelled`) and are in no pair',
    ]);
  }
});

it('makes augmented pairs of them', async () => {
  const { pairs, logged, remarked } = await made(augmented, none);
  expect(openPairs(pairs).count).toBe(5);
  expect(logged.at(-1)).toBe('5 pairs, over 5 images');
  expect(remarked).toEqual([]);
  expect(factsOfPairs(openPairs(pairs))).toMatchObject({ 'pairs without a class': 5 });
  expect(factsOfPairs(openPairs(pairs))).not.toHaveProperty('classes');
  expect(openPairs((await made(augmented, free)).pairs).count).toBe(11);
  expect(factsOfImages(openImages(source))).toMatchObject({
    classes: 2,
    'images of a class': 4,
    'images without a class': 8,
  });
});

it('makes augmented pairs of them whoever they are by, and if there is one alone', async () => {
  const byNobody = [...drawn('train', 'ant', 2, 10), ...drawn('train', 'unlabelled', 3, 80)].map(
    (image) => (image.class === 'ant' ? image : { ...image, artist: '' }),
  );
  const alone = drawn('train', 'unlabelled', 1, 80);
  for (const images of [byNobody, alone]) {
    const { pairs, remarked } = await made(augmented, { ...free, source: imagesOf(images) });
    expect(openPairs(pairs).count).toBe(images.length);
    expect(remarked).toEqual([]);
  }
});

it('says that so many of each class are so many of all that have none', async () => {
  const { pairs } = await made(augmented, none);
  const two = await made(augmented, { ...none, per_class: 2 });
  const of = await made(subset, { of: pairs, per_class: 2, seed: 0 });
  expect([two.remarked, of.remarked]).toEqual([
    ['2 of the 5 images without a class (`unlabelled`) are taken, as of one class'],
    ['2 of the 5 pairs without a class (`unlabelled`) are taken, as of one class'],
  ]);
  expect((await made(augmented, { ...free, per_class: 3 })).remarked).toEqual([]);
});

it('takes them from a list, but not so many of each class', async () => {
  const list = join(freshFolder(), 'pairs.csv');
  writeFileSync(list, 'a,b\nunlabelled-11,unlabelled-12\n');
  expect(openPairs((await made(semantic, { ...none, list })).pairs).count).toBe(1);
  await expect(made(semantic, { ...none, list, per_class: 1 })).rejects.toThrow(
    '1 pair of the list is of images that have no class (`unlabelled`), so none of `per_class`',
  );
  writeFileSync(list, 'a,b\ntrain-0,train-4\n');
  await expect(made(semantic, { ...free, list })).rejects.toThrow(
    'line 2: train-0 is of class ant, but train-4 is of no known class',
  );
});

it('finds them neighbours among all images, but none by class', async () => {
  const encoder = await pixelFeatures();
  const asked = { source, encoder, k: 1, mutual: false, threshold: null, near_duplicate: null };
  const all = { ...asked, within: null, apart: null };
  const { pairs } = await made(automatic, { ...all, split: 'unlabelled' });
  expect(openPairs(pairs).count).toBeGreaterThan(2);
  for (const by of [{ within: 'class' }, { apart: 'class' }]) {
    await expect(made(automatic, { ...all, ...by, split: 'unlabelled' })).rejects.toMatchObject({
      code: 'no-class',
    });
    const { pairs, remarked, logged } = await made(automatic, { ...all, ...by, split: 'train' });
    const { images, pairs: places } = openPairs(pairs);
    expect(Array.from(places, (at) => images.item(at).attributes.class)).not.toContain(
      'unlabelled',
    );
    expect(remarked).toContain(
      '3 of the 11 images of split `train` have no class (`unlabelled`) and are in no pair',
    );
    expect(logged).toContain('3 of 11 images are in no pair');
  }
});

it('audits them as right neither nor wrong', async () => {
  const audited = async (of: typeof free, label = 'class') => {
    const { pairs } = await made(augmented, of);
    const context = contextOf({ pairs, source, label, split: of.split });
    const { metrics } = await audit(context);
    return { ...metrics, remarked: context.remarked };
  };
  expect(await audited(none)).toMatchObject({
    precision: null,
    classes: 0,
    classes_covered: null,
    images_covered: 1,
    remarked: [
      '5 of 5 pairs show images without a class (`unlabelled`), and count neither for nor against `precision`',
    ],
  });
  expect(await audited(free)).toMatchObject({ precision: 1, classes: 2, classes_covered: 1 });
  // Other attributes are the user's own.
  expect(await audited(none, 'artist')).toMatchObject({ precision: 1, classes: 5, remarked: [] });
});

it('spoils none of them', async () => {
  const { pairs } = await made(augmented, free);
  const spoilt = await made(corrupted, { of: pairs, share: 0.7, label: 'class', seed: 0 });
  const { images, pairs: places } = openPairs(spoilt.pairs);
  const classAt = (at: number) => images.item(places[at] ?? -1).attributes.class ?? '';
  const wrong = [...Array(11).keys()].map((i) => [classAt(2 * i), classAt(2 * i + 1)].sort());
  expect(wrong.filter(([a, b]) => a !== b)).toEqual(Array(8).fill(['ant', 'bee']));
  const { pairs: unknown } = await made(augmented, none);
  await expect(
    made(corrupted, { of: unknown, share: 0.5, label: 'class', seed: 0 }),
  ).rejects.toThrow('every pair shows an image without a class');
});

it('trains by no class that is not known', async () => {
  const { pairs } = await made(augmented, free);
  expect(() => pairLabels(openPairs(pairs), 'class')).toThrow(
    'some of the 11 pairs show images of which no class is known',
  );
});
