import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { openPairs, type Pairs } from '../../../src/library/artifact/pairs.js';
import { writeImages } from '../../../src/library/artifact/write-images.js';
import { run as augmented } from '../../../src/library/pairs/augmented_pairs.js';
import { run as semantic } from '../../../src/library/pairs/semantic_pairs.js';
import { artifactOf, contextOf, freshFolder, pixelsOf, syntheticImages } from '../synthetic.js';

const source = syntheticImages();
const defaults = { source, per_class: null, split: 'train', seed: 0 };
const semanticDefaults = { ...defaults, list: null, reuse: null };

async function semanticPairs(
  changes: { list?: string; per_class?: number; reuse?: number; seed?: number } = {},
) {
  const context = contextOf({ ...semanticDefaults, ...changes });
  await semantic(context);
  return openPairs(artifactOf(context.out, 'Pairs'));
}

async function augmentedPairs(changes: { per_class?: number; seed?: number } = {}) {
  const context = contextOf({ ...defaults, ...changes });
  await augmented(context);
  return openPairs(artifactOf(context.out, 'Pairs'));
}

/** Both items of each pair. */
function itemsOf({ count, images, pairs }: Pairs) {
  return Array.from({ length: count }, (_, i) => ({
    a: images.item(pairs[2 * i] ?? -1),
    b: images.item(pairs[2 * i + 1] ?? -1),
  }));
}

function listOf(...lines: string[]): string {
  const path = join(freshFolder(), 'pairs.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

it('pairs each image with one of its class by another artist', async () => {
  const pairs = itemsOf(await semanticPairs());
  expect(pairs.length).toBe(openImages(source).indicesOf('train').length);
  for (const { a, b } of pairs) {
    expect(a.attributes.class).toBe(b.attributes.class);
    expect(a.attributes.artist).not.toBe(b.attributes.artist);
    expect([a.split, b.split]).toEqual(['train', 'train']);
  }
});

it('pairs each image with itself', async () => {
  const pairs = itemsOf(await augmentedPairs());
  expect(pairs.length).toBe(openImages(source).indicesOf('train').length);
  expect(pairs.every(({ a, b }) => a.name === b.name)).toBe(true);
});

it('begins pair i of both kinds with the same image, also when limited', async () => {
  for (const limit of [{}, { per_class: 2 }, { per_class: 1, seed: 5 }, { per_class: 3 }]) {
    const sp = itemsOf(await semanticPairs(limit)).map(({ a }) => a.name);
    const ap = itemsOf(await augmentedPairs(limit)).map(({ a }) => a.name);
    expect(sp).toEqual(ap);
    expect(new Set(sp).size).toBe(sp.length);
  }
  expect((await semanticPairs({ per_class: 2 })).count).toBe(24);
});

it('draws by the seed', async () => {
  const names = async (seed: number) =>
    itemsOf(await semanticPairs({ seed })).map(({ b }) => b.name);
  expect(await names(1)).toEqual(await names(1));
  expect(await names(1)).not.toEqual(await names(2));
});

it('leaves classes by one artist out of both kinds', async () => {
  const images = openImages(source);
  const lonely = images.item(0).attributes.class;
  const folder = freshFolder();
  writeImages(folder, {
    ...images,
    pixels: pixelsOf(images),
    items: images.items.map((item) =>
      item.attributes.class === lonely
        ? { ...item, attributes: { ...item.attributes, artist: 'ada' } }
        : item,
    ),
  });
  const changed = { ...defaults, source: artifactOf(folder, 'Images') };
  const [sp, ap] = [contextOf({ ...changed, list: null, reuse: null }), contextOf(changed)];
  await semantic(sp);
  await augmented(ap);
  for (const context of [sp, ap]) {
    const pairs = itemsOf(openPairs(artifactOf(context.out, 'Pairs')));
    expect(pairs.some(({ a }) => a.attributes.class === lonely)).toBe(false);
    expect(pairs.length).toBe(images.indicesOf('train').length - 3);
  }
});

it('takes the pairs of a list in its order', async () => {
  const list = listOf(
    'a,b',
    'cross-1-bea,cross-1-ada',
    'square-0-ada , square-0-cleo',
    '',
    'cross-1-ada,cross-1-cleo',
  );
  const names = (pairs: Pairs) => itemsOf(pairs).map(({ a, b }) => `${a.name} ${b.name}`);
  expect(names(await semanticPairs({ list }))).toEqual([
    'cross-1-bea cross-1-ada',
    'square-0-ada square-0-cleo',
    'cross-1-ada cross-1-cleo',
  ]);
  expect(names(await semanticPairs({ list, per_class: 1 }))).toEqual([
    'cross-1-bea cross-1-ada',
    'square-0-ada square-0-cleo',
  ]);
});

it('takes paths for items whose names have the same last parts', async () => {
  const images = openImages(source);
  const folder = freshFolder();
  const rename = (name: string, split: string) =>
    name.replace(/^(\w+)-(\d)-(\w+)$/, `${split}/$1-$2/$3.jpg`);
  const items = images.items.map((item) => ({ ...item, name: rename(item.name, item.split) }));
  writeImages(folder, { ...images, pixels: pixelsOf(images), items });
  const context = (list: string) =>
    contextOf({ ...semanticDefaults, source: artifactOf(folder, 'Images'), list });
  const good = context(
    listOf(
      'a,b',
      'train/cross-1/bea.jpg,cross-1/ada',
      '/data/train/cross-0/bea.jpg,./cross-0/cleo.jpg',
    ),
  );
  await semantic(good);
  const named = itemsOf(openPairs(artifactOf(good.out, 'Pairs'))).map(({ a, b }) => [
    a.name,
    b.name,
  ]);
  expect(named).toEqual([
    ['train/cross-1/bea.jpg', 'train/cross-1/ada.jpg'],
    ['train/cross-0/bea.jpg', 'train/cross-0/cleo.jpg'],
  ]);
  const bad = listOf('a,b', 'bea.jpg,cross-1/ada', 'cross-1/bea.png,cross-1/ada');
  await expect(semantic(context(bad))).rejects.toThrow(
    `line 2: "bea.jpg" may be train/square-0/bea.jpg or train/square-1/bea.jpg: give more of the path
  line 3: there is no item "cross-1/bea.png"`,
  );
});

it('names the classes and images of a list that has too few pairs, or shows one too often', async () => {
  const list = listOf(
    'a,b',
    'cross-1-bea,cross-1-ada',
    'cross-1-bea,cross-1-cleo',
    'cross-0-bea,cross-0-ada',
  );
  await expect(semanticPairs({ list, per_class: 2 })).rejects.toThrow(
    '1 of 2 classes has fewer than 2 pairs: cross-0 1',
  );
  const context = contextOf({
    ...semanticDefaults,
    list: listOf('a,b', 'cross-1-bea,cross-1-ada'),
    per_class: 1,
  });
  await semantic(context);
  expect(context.remarked.find((text) => text.startsWith('the list has no pair'))).toMatch(
    /^the list has no pair of \d+ of \d+ classes of split `train`: cross-0, /,
  );
  await expect(semanticPairs({ list, reuse: 1 })).rejects.toThrow(
    '1 image is in more than 1 pair of the list: cross-1-bea 2',
  );
  expect((await semanticPairs({ list, per_class: 1, reuse: 1 })).count).toBe(2);
});

it('tells pairs that a list has again, whichever image is first, and keeps them', async () => {
  const list = listOf(
    'a,b',
    'cross-1-bea,cross-1-ada',
    'cross-0-bea,cross-0-ada',
    'cross-1-ada,cross-1-bea',
    'cross-1-bea,cross-1-ada',
  );
  const context = contextOf({ ...semanticDefaults, list });
  await semantic(context);
  expect(openPairs(artifactOf(context.out, 'Pairs')).count).toBe(4);
  expect(context.remarked).toEqual([
    '2 pairs stand in the list of 4 already: line 4 as line 2, line 5 as line 2',
  ]);
});

it('names every bad line of a list', async () => {
  const list = listOf(
    'a,b',
    'square-0-ada,square-0-bea',
    'square-0-ada,Square-0-Bea',
    'square-0-ada,square-9-ada',
    'square-0-ada,square-0-ada',
    'square-0-ada,cross-0-bea',
    'square-3-ada,square-3-bea',
    'square-0-ada',
  );
  await expect(semanticPairs({ list })).rejects.toThrow(
    `${list} is not a list of semantic pairs:
  line 3: there is no item "Square-0-Bea"; square-0-bea differs in case alone
  line 4: there is no item "square-9-ada"
  line 5: square-0-ada is paired with itself
  line 6: square-0-ada is of class square-0, but cross-0-bea is of class cross-0
  line 7: square-3-ada is in split test, not in train
  line 8: 1 fields, not two: "square-0-ada"`,
  );
  await expect(semanticPairs({ list: listOf('x,y') })).rejects.toThrow(
    'line 1: the header is "x,y", not a,b',
  );
  await expect(semanticPairs({ list: listOf('a;b', 'x;y') })).rejects.toThrow(
    'line 1: the header is "a;b", not a,b: fields are separated by commas, not by semicolons',
  );
  await expect(semanticPairs({ list: listOf('a,b', '"square-0-ada,x', 'y') })).rejects.toThrow(
    'line 2: a quote is opened and not closed',
  );
  await expect(semanticPairs({ list: listOf('a,b', 'a,b,c') })).rejects.toThrow(
    'line 2: 3 fields, not two: "a", "b", "c"; a name with a comma stands in quotes',
  );
  const pointer = listOf('version https://git-lfs.github.com/spec/v1', 'oid sha256:4d7a');
  await expect(semanticPairs({ list: pointer })).rejects.toThrow(
    'it is a pointer of Git LFS: `git lfs pull` fetches the file',
  );
  const conflict = ['<<<<<<< HEAD', 'a,c', '=======', 'a,d', '>>>>>>> theirs'];
  await expect(semanticPairs({ list: listOf('a,b', ...conflict) })).rejects.toThrow(
    /semantic pairs:\n {2}lines 2 to 6 are a merge conflict: keep one side, and remove the markers$/,
  );
  await expect(semanticPairs({ list: listOf('a,b') })).rejects.toThrow('it has no pairs');
  await expect(semanticPairs({ list: '/nowhere/pairs.csv' })).rejects.toThrow(
    '/nowhere/pairs.csv cannot be read: ENOENT',
  );
});
