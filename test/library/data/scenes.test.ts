import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Boxes, openBoxes } from '../../../src/library/artifact/boxes.js';
import { checkResult } from '../../../src/library/artifact/check-result.js';
import { type Images, openImages } from '../../../src/library/artifact/images.js';
import { readConcepts } from '../../../src/library/data/emoji/concepts.js';
import { iconSets, readIconSet } from '../../../src/library/data/emoji/icon-sets.js';
import { matchIcons } from '../../../src/library/data/emoji/match-icons.js';
import { patterns } from '../../../src/library/data/scenes/background.js';
import { classOfSubgroup } from '../../../src/library/data/scenes/classes.js';
import { type Cutout, compose } from '../../../src/library/data/scenes/compose.js';
import { divided } from '../../../src/library/data/scenes/divide.js';
import { run } from '../../../src/library/data/scenes.js';
import { createRng } from '../../../src/tensor/rng.js';
import { artifactOf, contextOf, filesOf, freshFolder } from '../synthetic.js';
import { writeVoc } from './write-voc.js';

const objects = { low: 2, high: 5 };
const classes = [
  ...['face', 'heart', 'hand', 'person', 'mammal', 'bird'],
  ...['marine', 'plant', 'fruit', 'vehicle', 'building', 'arrow'],
] as const;
const params = {
  size: 96,
  images: 30,
  objects,
  classes,
  hold_out: 'openmoji',
  apart: 'concepts',
  seed: 1,
} as const;
const context = contextOf(params);
let images: Images;
let boxes: Boxes;

beforeAll(async () => {
  await run(context);
  const artifact = artifactOf(context.out, 'Images');
  images = openImages(artifact);
  boxes = openBoxes(artifact, images);
}, 120_000);

it('makes scenes of several sizes with boxes around 12 classes of objects', async () => {
  expect(await checkResult('Images', context.out, 1)).toMatchObject({
    images: 30,
    'in train': 21,
    'in validation': 3,
    'in test': 6,
    'classes of objects': 12,
    'images without objects': 0,
  });
  const sizes = new Set(boxes.images.map(({ width, height }) => `${width}x${height}`));
  expect(sizes.size).toBeGreaterThan(15);
  for (const { width, height } of boxes.images) {
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(0.8 * 96);
    expect(Math.max(width, height)).toBeLessThanOrEqual(96);
  }
  const all = boxes.images.flatMap(({ objects }) => objects);
  expect(new Set(all.map((object) => object.class)).size).toBe(12);
  expect(all.some(({ difficult }) => difficult)).toBe(true);
  expect(all.some(({ truncated }) => truncated)).toBe(true);
});

it('gives the same bytes whatever the threads, and others for another seed', async () => {
  const again = { ...contextOf(params), threads: 1 };
  await run(again);
  const other = contextOf({ ...params, seed: 2 });
  await run(other);
  const bytes = (folder: string) => filesOf(folder).map((name) => readFileSync(join(folder, name)));
  expect(bytes(again.out)).toEqual(bytes(context.out));
  expect(bytes(other.out)).not.toEqual(bytes(context.out));
}, 120_000);

it.each(['noto', 'fxemoji'])('gives each split artists of its own where %s is held out', (held) => {
  const sets = iconSets.map(readIconSet);
  const concepts = readConcepts();
  const isIn = divided('artists', held, concepts);
  const artists = new Map(
    ['train', 'validation', 'test'].map((split) => [split, new Set<string>()]),
  );
  const classes = new Map([...artists.keys()].map((split) => [split, new Set<string>()]));
  for (const match of matchIcons(sets, concepts)) {
    const splits = [...artists.keys()].filter((split) => isIn(match, split));
    expect(splits).toHaveLength(1);
    const [split = ''] = splits;
    artists.get(split)?.add(match.set.artist);
    classes.get(split)?.add(classOfSubgroup(match.concept.subgroup) ?? '');
  }
  expect([...(artists.get('test') ?? [])]).toEqual([held]);
  expect([...(artists.get('validation') ?? [])]).toEqual([held === 'noto' ? 'twemoji' : 'noto']);
  expect(artists.get('train')?.size).toBe(4);
  expect([...classes.values()].map(({ size }) => size)).toEqual([13, 13, 13]);
});

it('wants an artist to hold out where splits have artists apart', () => {
  expect(() => divided('artists', 'none', readConcepts())).toThrow(/no artist is held out/);
});

it('lays objects of the classes that are asked for, and refuses none or one twice', async () => {
  const few = contextOf({ ...params, images: 10, classes: ['arrow', 'face'] } as const);
  await run(few);
  const artifact = artifactOf(few.out, 'Images');
  const made = openBoxes(artifact, openImages(artifact));
  expect(made.classes).toEqual(['arrow', 'face']);
  const found = made.images.flatMap(({ objects }) => objects.map((object) => object.class));
  expect(new Set(found)).toEqual(new Set([0, 1]));
  const asked = (list: readonly (typeof classes)[number][]) =>
    run(contextOf({ ...params, classes: list }));
  await expect(asked([])).rejects.toThrow(/the list `classes` is empty/);
  await expect(asked(['face', 'hand', 'face'])).rejects.toThrow(/names face twice/);
}, 60_000);

/** A square of one colour, seen through where `hole` says. */
function square(size: number, hole: (x: number, y: number) => boolean = () => false): Cutout {
  const rgba = Uint8Array.from({ length: 4 * size * size }, (_, at) => {
    const [x, y] = [Math.floor(at / 4) % size, Math.floor(at / 4 / size)];
    return at % 4 < 3 ? 200 : hole(x, y) ? 0 : 255;
  });
  return { size, rgba };
}

it.each(patterns)(
  'lays objects on %s with boxes around what is inside, and hides none wholly',
  (pattern) => {
    const ground = { pattern, width: 70, height: 60 };
    for (let seed = 0; seed < 20; seed++) {
      const cutout = square(30, (x) => x < 15);
      const laid = ['a', undefined, 'b', 'c', 'd'].map((name) => ({ class: name, cutout }));
      const { pixels, objects } = compose(createRng(seed, 'test'), ground, laid);
      expect(pixels).toHaveLength(70 * 60 * 3);
      expect(objects.length).toBeGreaterThan(0);
      for (const { box, truncated, class: name } of objects) {
        const [left, top, right, bottom] = box;
        expect(name).not.toBeUndefined();
        expect(left >= 0 && top >= 0 && right <= 70 && bottom <= 60).toBe(true);
        const whole = right - left === 15 && bottom - top === 30;
        expect(truncated).toBe(!whole);
      }
    }
  },
);

it('is read back from files in the form of VOC', async () => {
  const root = freshFolder();
  await writeVoc(root, images, boxes);
  // The processes that decode are started from the build.
  const built = new URL('../../../dist/library/data/voc.js', import.meta.url);
  const { run: voc }: typeof import('../../../src/library/data/voc.js') = await import(built.href);
  const read = contextOf({
    root,
    year: '2007',
    size: 96,
    fit: 'inside',
    decode: 'exact',
    classes: join(root, 'classes.txt'),
    skip: 0,
    check: 'layout',
  } as const);
  await voc(read);
  const artifact = artifactOf(read.out, 'Images');
  const found = openImages(artifact);
  expect(openBoxes(artifact, found)).toEqual(boxes);
  expect(found.items.map(({ split }) => split)).toEqual(images.items.map(({ split }) => split));
  const [before, after] = [images.image(7), found.image(7)];
  const off = before.reduce((sum, value, at) => sum + Math.abs(value - (after[at] ?? 0)), 0);
  expect(off / before.length).toBeLessThan(3);
}, 60_000);
