import { beforeAll, expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { writeImages } from '../../../src/library/artifact/write-images.js';
import { run } from '../../../src/library/probe/retrieval.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import {
  artifactOf,
  contextOf,
  freshFolder,
  imagesOf,
  pixelsOf,
  size,
  syntheticImages,
} from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({
  label: 'class',
  apart: 'artist',
  split: 'test',
});

it('finds nearly every drawing when all artists draw it alike', async () => {
  const source = openImages(syntheticImages());
  const pixels = pixelsOf(source);
  const length = size * size * 3;
  const first = new Map<string, number>();
  source.items.forEach(({ attributes }, index) => {
    const same = first.get(attributes.class ?? '') ?? index;
    first.set(attributes.class ?? '', same);
    pixels.copyWithin(index * length, same * length, (same + 1) * length);
  });
  const folder = freshFolder();
  writeImages(folder, { ...source, pixels });
  const context = contextOf(await paramsOf({ on: artifactOf(folder, 'Images') }));
  expect(await run(context)).toEqual({
    metrics: { top1: 1, recall_5: 1, recall_10: 1, map: 1, r_precision: 1 },
    facts: { 'images searched': 18, 'images asked': 18, 'without a counterpart': 0 },
  });
  expect(context.logged).toEqual(['18 of 18 images have a counterpart and were looked for']);
});

it('refuses images of one class, and remarks copies among candidates', async () => {
  const drawn = (artist: string, name: string) => ({
    split: 'test',
    class: name,
    artist,
    pixels: [name.charCodeAt(0), 7],
  });
  const one = imagesOf([drawn('ada', 'a'), drawn('bea', 'a')]);
  await expect(run(contextOf(await paramsOf({ on: one })))).rejects.toMatchObject({
    code: 'one-class',
  });
  const two = imagesOf([drawn('ada', 'a'), drawn('bea', 'a'), drawn('ada', 'z')]);
  const context = contextOf(await paramsOf({ on: two }));
  expect((await run(context)).metrics).toEqual({
    top1: 1,
    recall_5: 1,
    recall_10: 1,
    map: 1,
    r_precision: 1,
  });
  expect(context.remarked).toEqual([
    '2 of the 3 images of split `test` have the very pixels of an image that differs in `artist`',
  ]);
});

it('says that nothing can be retrieved', async () => {
  await expect(run(contextOf(await paramsOf({ label: 'artist' })))).rejects.toMatchObject({
    code: 'nothing-to-retrieve',
    message: 'in split `test` no two images agree in `artist` and differ in `artist`',
  });
});

it('names the attributes that there are', async () => {
  await expect(run(contextOf(await paramsOf({ apart: 'painter' })))).rejects.toMatchObject({
    code: 'unknown-attribute',
    help: expect.stringContaining('artist'),
  });
});
