import { expect, it } from 'vitest';
import { readNpy } from '../../../src/base/files/npy.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { openPairs } from '../../../src/library/artifact/pairs.js';
import { make as pixels } from '../../../src/library/backbone/pixels.js';
import { run as automatic } from '../../../src/library/pairs/automatic_pairs.js';
import { collectNeighbours } from '../../../src/library/pairs/found-neighbours.js';
import { keepPairs } from '../../../src/library/pairs/keep-pairs.js';
import type { Artifact } from '../../../src/library/stage.js';
import { run as initial } from '../../../src/library/train/random_init.js';
import { createRng } from '../../../src/tensor/rng.js';
import {
  artifactOf,
  contextOf,
  encoderOf,
  featuresOf,
  imagesOf,
  syntheticImages,
} from '../synthetic.js';

type Params = Parameters<typeof automatic>[0]['params'];

const options = {
  split: 'train',
  k: 1,
  mutual: false,
  threshold: null,
  near_duplicate: null,
  within: null,
  apart: null,
} as const;

/** The pixels themselves as features of images of a size. */
async function pixelEncoder(size: number) {
  const backbone = pixels({ size });
  const resolved = { backbone: { describe: 'std.backbone.pixels', args: { size } } };
  const context = contextOf({ backbone, seed: 0 }, { resolved });
  await initial(context);
  return encoderOf(context.out, backbone);
}

async function found(source: Artifact, size: number, changes: Partial<Params> = {}) {
  const encoder = await featuresOf(await pixelEncoder(size), source);
  const context = contextOf({ ...options, source, encoder, ...changes });
  await automatic(context);
  const artifact = artifactOf(context.out, 'Pairs');
  const { count, images, pairs } = openPairs(artifact);
  const item = (at: number) => images.item(pairs[at] ?? -1);
  return {
    logged: context.logged,
    similarities: Array.from(readNpy(artifact.file('similarities.npy'), 's').data),
    pairs: Array.from({ length: count }, (_, i) => ({ a: item(2 * i), b: item(2 * i + 1) })),
  };
}

const names = ({ pairs }: Awaited<ReturnType<typeof found>>) =>
  pairs.map(({ a, b }) => `${a.name} ${b.name}`);

/** Colours as directions: the angle between two is their distance. */
const colours = imagesOf([
  { split: 'train', class: 'red', artist: 'ada', pixels: [200, 10, 0] },
  { split: 'train', class: 'red', artist: 'ada', pixels: [200, 20, 0] },
  { split: 'train', class: 'red', artist: 'bea', pixels: [200, 50, 0] },
  { split: 'train', class: 'blue', artist: 'bea', pixels: [200, 100, 0] },
  { split: 'train', class: 'blue', artist: 'bea', pixels: [0, 10, 200] },
  { split: 'train', class: 'blue', artist: 'cleo', pixels: [0, 10, 200] },
  { split: 'test', class: 'blue', artist: 'cleo', pixels: [0, 11, 200] },
]);

it('pairs each image with the nearest, never with itself or a copy, each pair once', async () => {
  expect(names(await found(colours, 2))).toEqual([
    'train-0 train-1',
    'train-2 train-1',
    'train-3 train-2',
    'train-4 train-3',
    'train-5 train-3',
  ]);
});

it('takes mutual neighbours, a least similarity, and a bound for near-duplicates', async () => {
  expect(names(await found(colours, 2, { mutual: true }))).toEqual(['train-0 train-1']);
  expect(names(await found(colours, 2, { mutual: true, k: 2 }))).toEqual([
    'train-0 train-1',
    'train-0 train-2',
    'train-1 train-2',
  ]);
  const close = await found(colours, 2, { threshold: 0.95 });
  expect(names(close)).toEqual(['train-0 train-1', 'train-2 train-1', 'train-3 train-2']);
  expect(close.similarities.every((similarity) => similarity >= 0.95)).toBe(true);
  expect(close.logged).toContain('2 of 6 images are in no pair');
  const apart = await found(colours, 2, { threshold: 0.95, near_duplicate: 0.998 });
  expect(names(apart)).toEqual(['train-0 train-2', 'train-1 train-2', 'train-3 train-2']);
  await expect(found(colours, 2, { threshold: 0.9999 })).rejects.toThrow(
    'no pairs are found: the most similar images have 0.9988, and `threshold` is 0.9999',
  );
  await expect(found(colours, 2, { threshold: 0.9988 })).rejects.toThrow(
    'the most similar images have 0.99876, and `threshold` is 0.9988',
  );
});

it('looks within an attribute, and for others of another', async () => {
  expect(names(await found(colours, 2, { within: 'class' }))).toEqual([
    'train-0 train-1',
    'train-2 train-1',
    'train-3 train-4',
    'train-5 train-3',
  ]);
  expect(names(await found(colours, 2, { within: 'class', apart: 'artist' }))).toEqual([
    'train-0 train-2',
    'train-1 train-2',
    'train-3 train-5',
  ]);
});

it('takes any number of neighbours, of which only those that are alike become pairs', async () => {
  const wanted = names(await found(colours, 2, { k: 5, threshold: 0.95 }));
  expect(wanted).toHaveLength(4);
  for (const k of [6, 1000, 2 ** 40]) {
    expect(names(await found(colours, 2, { k, threshold: 0.95 }))).toEqual(wanted);
    expect(names(await found(colours, 2, { k, threshold: 0.95, mutual: true }))).toEqual(wanted);
    expect(names(await found(colours, 2, { k, within: 'class' }))).toHaveLength(5);
  }
});

it('takes each pair that both of its images found once, however many there are', () => {
  const rng = createRng(0, 'neighbours');
  for (const n of [1, 2, 30]) {
    const rows = Array.from({ length: 3 * n }, (_, at) => ({
      image: (7 * at) % n,
      other: rng.below(n),
      similarity: Math.fround(rng.uniform()),
    })).filter(
      ({ image, other }, at, all) =>
        image !== other && all.findIndex((r) => r.image === image && r.other === other) === at,
    );
    const neighbours = {
      images: Int32Array.from(rows, ({ image }) => image),
      others: Int32Array.from(rows, ({ other }) => other),
      similarities: Float32Array.from(rows, ({ similarity }) => similarity),
    };
    for (const mutual of [true, false]) {
      const kept = keepPairs(neighbours, { mutual, threshold: 0.3 });
      const expected = rows
        .filter(({ image, other, similarity }) => {
          const back = rows.some((row) => row.image === other && row.other === image);
          return similarity >= 0.3 && (back ? image < other : !mutual);
        })
        .sort((a, b) => a.image - b.image);
      expect(Array.from(kept.images)).toEqual(expected.map(({ image }) => image));
      expect(Array.from(kept.others)).toEqual(expected.map(({ other }) => other));
      expect(Array.from(kept.similarities)).toEqual(expected.map((row) => row.similarity));
    }
  }
});

it('says when more neighbours are alike than can be kept', () => {
  const collector = collectNeighbours(0.5);
  for (let at = 0; at < 2 ** 24; at++) collector.add(0, 1, 0.6);
  collector.add(0, 1, 0.4);
  expect(() => collector.add(0, 1, 0.6)).toThrow(
    'more than 16,777,216 neighbours of images are as similar as `threshold` asks for',
  );
});

it('agrees with all similarities of real drawings', async () => {
  const source = syntheticImages();
  const images = openImages(source);
  const train = [...images.indicesOf('train')];
  const cosine = (a: Uint8Array, b: Uint8Array) => {
    const dot = (x: Uint8Array, y: Uint8Array) => x.reduce((s, v, i) => s + v * (y[i] ?? 0), 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  const nearest = (index: number, mayBe: (other: number) => boolean) =>
    train
      .filter((other) => other !== index && mayBe(other))
      .map((other) => ({ other, s: cosine(images.image(index), images.image(other)) }))
      .sort((x, y) => y.s - x.s)[0];
  const { pairs, similarities } = await found(source, images.size, { apart: 'artist' });
  const artist = (index: number) => images.item(index).attributes.artist;
  const wanted = new Map<string, number>();
  for (const index of train) {
    const best = nearest(index, (other) => artist(other) !== artist(index));
    if (!best) continue;
    wanted.set(
      [index, best.other]
        .map((i) => images.item(i).name)
        .sort()
        .join(' '),
      best.s,
    );
  }
  const made = pairs.map(({ a, b }) => [a.name, b.name].sort().join(' '));
  expect([...made].sort()).toEqual([...wanted.keys()].sort());
  made.forEach((text, i) => {
    expect(similarities[i]).toBeCloseTo(wanted.get(text) ?? 0, 5);
  });
});
