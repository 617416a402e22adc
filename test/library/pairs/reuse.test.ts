import fc from 'fast-check';
import { expect, it } from 'vitest';
import { run as augmented } from '../../../src/library/pairs/augmented_pairs.js';
import { run as semantic } from '../../../src/library/pairs/semantic_pairs.js';
import { run as subset } from '../../../src/library/pairs/subset_pairs.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { all, drawings, free, made, namesOf, source, texts, usesOf } from './pair-sets.js';

it('uses no image more often than is allowed, and makes all pairs that are asked for', async () => {
  const cases = fc.record({
    reuse: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(50),
    artists: fc.constantFrom(2, 3, 100),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ reuse, seed, artists }) => {
      const images = drawings({ ant: 12, bee: 8 }, artists);
      // Two artists of six drawings each: any four have four partners left.
      const params = { ...free, source: images, per_class: reuse === 1 ? 2 : 6, reuse, seed };
      const sp = await made(semantic, params);
      expect(namesOf(sp)).toHaveLength(2 * params.per_class);
      expect(Math.max(...usesOf(sp).values())).toBeLessThanOrEqual(reuse);
      expect(namesOf(sp).every(([a, b]) => a !== b)).toBe(true);
      const ap = await made(augmented, { ...params });
      expect(namesOf(ap).map(([a]) => a)).toEqual(namesOf(sp).map(([a]) => a));
    }),
    { numRuns: 20 },
  );
});

it('pairs every image of a class once, where half of them begin a pair', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const images = drawings({ ant: 12, bee: 12 });
    const sp = await made(semantic, { ...free, source: images, per_class: 6, reuse: 1, seed });
    expect([...usesOf(sp).values()]).toEqual(Array(24).fill(1));
  }
});

it('makes as many pairs as there can be where images may be used so often', async () => {
  const cases = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }),
    seed: fc.nat(50),
  });
  // Drawings of one class by artists of so many each.
  const by = (counts: readonly number[]) =>
    imagesOf(
      counts.flatMap((count, artist) =>
        Array.from({ length: count }, (_, i) => ({
          split: 'train',
          class: 'ant',
          artist: `artist ${artist}`,
          pixels: [artist, i, 7],
        })),
      ),
    );
  await fc.assert(
    fc.asyncProperty(cases, async ({ counts, seed }) => {
      const params = { ...free, source: by(counts), reuse: 1, seed };
      const n = counts.reduce((sum, count) => sum + count, 0);
      const most = Math.min(Math.floor(n / 2), n - Math.max(...counts));
      const sp = await made(semantic, params);
      expect(namesOf(sp)).toHaveLength(most);
      expect([...usesOf(sp).values()]).toEqual(Array(2 * most).fill(1));
      expect(texts(await made(semantic, { ...params, per_class: most }))).toEqual(texts(sp));
      await expect(made(semantic, { ...params, per_class: most + 1 })).rejects.toThrow(
        `1 of 1 classes has fewer than ${most + 1} pairs: ant ${most}`,
      );
    }),
    { numRuns: 20 },
  );
  expect(texts(await made(semantic, { ...free, source: all, reuse: 2 }))).toHaveLength(94);
});

it('names the classes that have not enough, with their counts', async () => {
  const asked = { ...free, source: drawings({ ant: 4, bee: 30, cat: 1 }), per_class: 10 };
  const message = '2 of 3 classes have fewer than 10 images: ant 4, cat 0';
  await expect(made(semantic, asked)).rejects.toThrow(message);
  await expect(made(augmented, asked)).rejects.toMatchObject({
    message,
    // There is an image of a cat.
    help: 'A class without images by two artists has none to pair. Leave these classes out of the source.',
  });
  await expect(made(augmented, { ...asked, per_class: 1 })).rejects.toThrow(
    '1 of 3 classes has fewer than 1 image: cat 0',
  );
  const reused = { ...free, source: drawings({ ant: 15, bee: 30 }), per_class: 10, reuse: 1 };
  for (const per_class of [10, 15]) {
    await expect(made(semantic, { ...reused, per_class })).rejects.toMatchObject({
      message: `1 of 2 classes has fewer than ${per_class} pairs: ant 7`,
      help: expect.stringContaining('`per_class: 7` or less'),
    });
  }
  expect(namesOf(await made(semantic, { ...reused, per_class: 7 }))).toHaveLength(14);
  const sp = await made(semantic, { ...free, source });
  await expect(made(subset, { of: sp, per_class: 10, seed: 0 })).rejects.toThrow(
    '1 of 3 classes has fewer than 10 pairs: bee 9',
  );
  const lonely = contextOf({ ...free, source: drawings({ ant: 4, cat: 1 }) });
  await semantic(lonely);
  expect(lonely.remarked).toEqual([
    '1 of the 2 classes of split `train` has no images by two artists and is left out: cat',
  ]);
});

it('draws fewer pairs from among those that it draws more of', async () => {
  const counts = fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }));
  const sp = await made(semantic, { ...free, source: all });
  await fc.assert(
    fc.asyncProperty(counts, fc.nat(20), async (pair, seed) => {
      const [few, many] = [...pair].sort((a, b) => a - b) as [number, number];
      const direct = { ...free, source: all, seed };
      const more = texts(await made(semantic, { ...direct, per_class: many }));
      const less = texts(await made(semantic, { ...direct, per_class: few }));
      expect(more).toHaveLength(3 * many);
      expect(less.filter((text) => !more.includes(text))).toEqual([]);
      const large = texts(await made(subset, { of: sp, per_class: many, seed }));
      const small = texts(await made(subset, { of: sp, per_class: few, seed }));
      expect(small).toHaveLength(3 * few);
      expect(small.filter((text) => !large.includes(text))).toEqual([]);
      // In the order of the set that they are of.
      expect(texts(sp).filter((text) => large.includes(text))).toEqual(large);
    }),
    { numRuns: 15 },
  );
});
