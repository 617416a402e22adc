import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { type Images, openImages } from '../../../src/library/artifact/images.js';
import { readConcepts } from '../../../src/library/data/emoji/concepts.js';
import { iconSets, readIconSet } from '../../../src/library/data/emoji/icon-sets.js';
import { type Match, matchIcons } from '../../../src/library/data/emoji/match-icons.js';
import { nearDuplicates } from '../../../src/library/data/emoji/near-duplicates.js';
import { rasterise, rasteriseMask } from '../../../src/library/data/emoji/rasterise.js';
import { readPackage } from '../../../src/library/data/emoji/read-package.js';
import { run } from '../../../src/library/data/emoji.js';
import { artifactOf, contextOf } from '../synthetic.js';
import { correlatedClusters } from './correlated-clusters.js';

const context = contextOf({ size: 32, hold_out: 'openmoji' } as const);
let images: Images;
let matches: readonly Match[];

beforeAll(async () => {
  await run(context);
  images = openImages(artifactOf(context.out, 'Images'));
  matches = matchIcons(iconSets.map(readIconSet), readConcepts());
}, 120_000);

/** How many there are of each. */
function tally(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

it('draws 1,414 concepts by at least three artists each', () => {
  expect(images.count).toBe(9754);
  expect(images.size).toBe(32);
  const classes = images.attribute('class');
  const artists = images.attribute('artist');
  const drawnBy = new Map<string, Set<string>>();
  classes.forEach((name, i) => {
    drawnBy.set(name, (drawnBy.get(name) ?? new Set()).add(artists[i] ?? ''));
  });
  expect(drawnBy.size).toBe(1414);
  expect(Math.min(...[...drawnBy.values()].map((set) => set.size))).toBe(3);
  expect(tally(artists)).toEqual({
    noto: 2498,
    twemoji: 1414,
    openmoji: 1414,
    fluent: 2786,
    emojione: 1084,
    fxemoji: 558,
  });
});

it('divides the concepts of each group 60 to 15 to 25, and no concept', () => {
  const splitOf = new Map<string, Set<string>>();
  const groups: Record<string, Record<string, Set<string>>> = {};
  for (const { split, attributes } of images.items) {
    const { class: name = '', group = '' } = attributes;
    const whole = split === 'held' ? 'train' : split;
    splitOf.set(name, (splitOf.get(name) ?? new Set()).add(whole));
    groups[group] ??= {};
    groups[group][whole] = (groups[group][whole] ?? new Set()).add(name);
  }
  expect([...splitOf.values()].every((splits) => splits.size === 1)).toBe(true);
  expect(Object.keys(groups).sort()).toEqual([
    'activities',
    'animals',
    'food',
    'objects',
    'people',
    'smileys',
    'symbols',
    'travel',
  ]);
  for (const { train, validation, test } of Object.values(groups)) {
    const [a = 0, b = 0, c = 0] = [train?.size, validation?.size, test?.size];
    const all = a + b + c;
    expect(Math.abs(a / all - 0.6)).toBeLessThan(0.02);
    expect(Math.abs(b / all - 0.15)).toBeLessThan(0.02);
    expect(Math.abs(c / all - 0.25)).toBeLessThan(0.02);
  }
});

it('holds the drawings of one artist out of training', () => {
  const held = images.items.filter((item) => item.split === 'held');
  expect(tally(held.map((item) => item.attributes.artist ?? ''))).toEqual({ openmoji: 847 });
  const train = images.items.filter((item) => item.split === 'train');
  expect(train.some((item) => item.attributes.artist === 'openmoji')).toBe(false);
});

it('keeps concepts together that an artist draws almost alike', () => {
  const clusters = correlatedClusters(images, 0.95);
  expect(clusters).toEqual(nearDuplicates);
  const splits = new Map(
    images.items.map(({ split, attributes }) => [
      attributes.class,
      split === 'held' ? 'train' : split,
    ]),
  );
  for (const cluster of clusters) {
    expect(new Set(cluster.split(' ').map((name) => splits.get(name))).size, cluster).toBe(1);
  }
});

it('gives the same names, labels and splits on every machine', () => {
  const text = readFileSync(`${context.out}/items.json`);
  expect(createHash('sha256').update(text).digest('hex')).toBe(
    '593b857320de66d0952590f1f87ec17e57335ceaaf0e0eabb74f407c7c610d88',
  );
});

it('draws an icon the same way however many are drawn at once', async () => {
  const indexOf = new Map(images.items.map((item, index) => [item.name, index]));
  for (const match of matches.filter((_, index) => index % 100 === 0)) {
    const index = indexOf.get(`${match.concept.slug}/${match.set.name}`) ?? -1;
    expect(await rasterise(match, 32)).toEqual(new Uint8Array(images.image(index)));
  }
});

it('draws on white, without dark rims', () => {
  // The corner of a round face is empty in every set.
  const face = images.items.findIndex((item) => item.name === 'grinning-face/noto');
  expect([...images.image(face).subarray(0, 3)]).toEqual([255, 255, 255]);
});

it('reports progress to the end, and says whose drawings they are', () => {
  expect(context.reported.at(-1)).toEqual({ unit: 'image', done: 9754, total: 9754 });
  expect(images.sources.map((source) => source.license)).toEqual([
    'Apache-2.0',
    'Apache-2.0',
    'CC-BY-4.0',
    'CC-BY-SA-4.0',
    'MIT',
    'MIT',
    'CC-BY-4.0',
    'Apache-2.0',
  ]);
});

it('uses no icon for two concepts', () => {
  const used = matches.map(({ set, icon }) => `${set.name}/${icon}`);
  expect(new Set(used).size).toBe(used.length);
  expect(used).not.toContain('fxemoji/wave');
});

it('says which package is missing', () => {
  expect(() => readPackage('@iconify-json/nothing', 'icons.json')).toThrow(
    'the npm package @iconify-json/nothing has no icons.json here',
  );
});

it('knows the outline of a drawing: what it does not cover is white', async () => {
  for (const match of matches.slice(0, 40)) {
    const [drawing, mask] = [await rasterise(match, 32), await rasteriseMask(match, 32)];
    expect(mask.length).toBe(drawing.length);
    expect(mask.some((covered) => covered === 255)).toBe(true);
    expect(drawing.every((value, at) => mask[at] !== 0 || value === 255)).toBe(true);
  }
});
