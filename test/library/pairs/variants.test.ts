import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { openPairs } from '../../../src/library/artifact/pairs.js';
import { run as control } from '../../../src/library/pairs/augmented_control.js';
import { run as augmented } from '../../../src/library/pairs/augmented_pairs.js';
import { run as corrupted } from '../../../src/library/pairs/corrupted_pairs.js';
import { run as compared } from '../../../src/library/pairs/matched.js';
import { run as mixed } from '../../../src/library/pairs/mixed_pairs.js';
import { run as audit } from '../../../src/library/pairs/pair_audit.js';
import { run as semantic } from '../../../src/library/pairs/semantic_pairs.js';
import { run as subset } from '../../../src/library/pairs/subset_pairs.js';
import type { Artifact, StageContext, StageResult } from '../../../src/library/stage.js';
import { artifactOf, contextOf, imagesOf } from '../synthetic.js';

/** Drawings of some classes by so many artists each (none: each its own), every one with pixels of its own. */
const drawings = (classes: Readonly<Record<string, number>>, artists = Number.POSITIVE_INFINITY) =>
  imagesOf(
    Object.entries(classes).flatMap(([name, count], number) =>
      Array.from({ length: count }, (_, i) => ({
        split: 'train',
        class: name,
        artist: `artist ${i % artists}`,
        pixels: [number, i, 7],
      })),
    ),
  );

async function made<P>(
  run: (context: StageContext<P>) => Promise<StageResult>,
  params: P,
): Promise<Artifact> {
  const context = contextOf(params);
  await run(context);
  return artifactOf(context.out, 'Pairs');
}

/** The names of each pair's images. */
function namesOf(artifact: Artifact): readonly (readonly [string, string])[] {
  const { count, images, pairs } = openPairs(artifact);
  const name = (at: number) => images.item(pairs[at] ?? -1).name;
  return Array.from({ length: count }, (_, i) => [name(2 * i), name(2 * i + 1)] as const);
}

const texts = (artifact: Artifact) => namesOf(artifact).map((pair) => pair.join(' '));

const free = { list: null, per_class: null, reuse: null, split: 'train', seed: 0 };
const source = drawings({ ant: 12, bee: 9, cat: 20 });
const all = drawings({ ant: 30, bee: 24, cat: 40 });

/** How often each image is in a pair. */
function usesOf(artifact: Artifact): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const name of namesOf(artifact).flatMap((pair) => [...new Set(pair)])) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

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

/** Each image as often as pairs show it, in whichever of them. */
const shownBy = (artifact: Artifact) => namesOf(artifact).flat().sort();

it('spoils a share, the same pairs within a larger one, and shows the same images as often', async () => {
  const sp = await made(semantic, { ...free, source: all });
  const ap = await made(augmented, { ...free, source: all });
  const classOf = new Map(openImages(all).items.map((i) => [i.name, i.attributes.class]));
  const wrongIn = (artifact: Artifact) =>
    namesOf(artifact).flatMap(([a, b], i) =>
      classOf.get(a) === classOf.get(b) ? [] : [{ pair: i, text: `${i} ${a} ${b}` }],
    );
  const shares = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
  await fc.assert(
    fc.asyncProperty(shares, fc.nat(20), fc.constantFrom(sp, ap), async (percents, seed, of) => {
      const [less, more] = [...percents].sort((a, b) => a - b) as [number, number];
      const spoil = (percent: number) =>
        made(corrupted, { of, share: percent / 100, label: 'class', seed });
      const [few, many] = [await spoil(less), await spoil(more)];
      for (const [artifact, percent] of [
        [few, less],
        [many, more],
      ] as const) {
        const asked = Math.round((percent / 100) * 94);
        expect(Math.abs(wrongIn(artifact).length - asked)).toBeLessThanOrEqual(1);
        expect(wrongIn(artifact).length > 0).toBe(asked > 0);
        expect(shownBy(artifact)).toEqual(shownBy(of));
        const wrong = new Set(wrongIn(artifact).map(({ pair }) => pair));
        expect(texts(artifact).filter((_, i) => !wrong.has(i))).toEqual(
          texts(of).filter((_, i) => !wrong.has(i)),
        );
      }
      const [fewer, larger] = [wrongIn(few), wrongIn(many)];
      const [pairs, same] = [larger.map(({ pair }) => pair), larger.map(({ text }) => text)];
      expect(fewer.filter(({ pair }) => !pairs.includes(pair))).toEqual([]);
      expect(fewer.filter(({ text }) => !same.includes(text)).length).toBeLessThanOrEqual(4);
      expect(namesOf(many).map(([a]) => a)).toEqual(namesOf(of).map(([a]) => a));
    }),
    { numRuns: 30 },
  );
  for (const [share, count] of [
    [0.25, 24],
    [0.5, 47],
    [1, 94],
  ] as const) {
    const spoilt = await made(corrupted, { of: sp, share, label: 'class', seed: 1 });
    expect(wrongIn(spoilt)).toHaveLength(count);
  }
});

it('spoils as many pairs as can be where one class has more than half, and says so of more', async () => {
  const one = await made(semantic, { ...free, source: drawings({ ant: 4 }) });
  await expect(made(corrupted, { of: one, share: 0.5, label: 'class', seed: 0 })).rejects.toThrow(
    'the pairs have one `class` alone: no match is wrong',
  );
  const source = drawings({ ant: 3, bee: 14, cat: 3 });
  const uneven = await made(semantic, { ...free, source });
  const classOf = new Map(openImages(source).items.map((i) => [i.name, i.attributes.class]));
  for (const seed of [0, 1, 2, 3, 4]) {
    for (const [share, count] of [
      [0.2, 4],
      [0.6, 12],
    ] as const) {
      const spoilt = await made(corrupted, { of: uneven, share, label: 'class', seed });
      const wrong = namesOf(spoilt).filter(([a, b]) => classOf.get(a) !== classOf.get(b));
      expect(wrong).toHaveLength(count);
      expect(shownBy(spoilt)).toEqual(shownBy(uneven));
    }
    const asked = { of: uneven, share: 0.75, label: 'class', seed };
    await expect(made(corrupted, asked)).rejects.toMatchObject({
      message:
        '15 of the 20 pairs were to be wrong, but 12 can exchange their second images so that all differ in `class`: too many pairs have the same',
      help: expect.stringContaining('`share: 60%` or less'),
    });
  }
  // Of two classes an even number can: as many of one as of the other.
  const two = await made(semantic, { ...free, source: drawings({ ant: 9, bee: 9 }) });
  const context = contextOf({ of: two, share: 0.5, label: 'class', seed: 0 });
  expect((await corrupted(context)).facts).toEqual({ 'wrong matches': 10 });
});

it('mixes matched sets by class', async () => {
  const sp = await made(semantic, { ...free, source: all, per_class: 20, reuse: 2 });
  const ap = await made(augmented, { ...free, source: all, per_class: 20 });
  const classOf = new Map(openImages(all).items.map((i) => [i.name, i.attributes.class]));
  const mix = (share: number) => made(mixed, { a: sp, b: ap, share, seed: 3 });
  let before: readonly number[] = [];
  for (const share of [0, 0.1, 0.25, 0.6, 1]) {
    const names = namesOf(await mix(share));
    expect(names.map(([a]) => a)).toEqual(namesOf(sp).map(([a]) => a));
    const fromB = names.flatMap(([a, b], i) => (a === b ? [i] : []));
    const counts = ['ant', 'bee', 'cat'].map(
      (name) => fromB.filter((i) => classOf.get(names[i]?.[0] ?? '') === name).length,
    );
    expect(counts).toEqual(Array(3).fill(Math.round(20 * share)));
    expect(before.filter((i) => !fromB.includes(i))).toEqual([]);
    before = fromB;
  }
  // Of classes of two pairs a quarter is half a pair: of some one is taken, of others none.
  const small = drawings(
    Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}`, i < 99 ? 2 : 7])),
  );
  const few = await made(semantic, { ...free, source: small });
  const alone = await made(augmented, { ...free, source: small });
  let within: readonly string[] = [];
  for (const share of [0.05, 0.25, 0.5, 0.51, 0.75, 0.999]) {
    for (const seed of [0, 1]) {
      const names = namesOf(await made(mixed, { a: few, b: alone, share, seed }));
      const fromB = names.flatMap(([a, b], i) => (a === b ? [`${i}`] : []));
      expect(fromB).toHaveLength(Math.round(share * 212));
      if (seed > 0) continue;
      expect(within.filter((pair) => !fromB.includes(pair))).toEqual([]);
      within = fromB;
    }
  }
  const fewer = await made(augmented, { ...free, source: all, per_class: 19 });
  await expect(made(mixed, { a: sp, b: fewer, share: 0.5, seed: 0 })).rejects.toThrow(
    '`a` and `b` have not the same number of pairs of 3 classes: ant 20 and 19',
  );
  const elsewhere = await made(augmented, {
    ...free,
    source: drawings({ ant: 20, bee: 20, cat: 20 }),
    per_class: 20,
  });
  await expect(made(mixed, { a: sp, b: elsewhere, share: 0.5, seed: 0 })).rejects.toThrow(
    '`a` and `b` are not pairs of one data set',
  );
});

it('makes the control of all images that pairs show, each with itself', async () => {
  const sp = await made(semantic, { ...free, source: all, per_class: 12, reuse: 1 });
  const ap = namesOf(await made(control, { of: sp }));
  expect(ap.every(([a, b]) => a === b)).toBe(true);
  expect(new Set(ap.map(([a]) => a))).toEqual(new Set(namesOf(sp).flat()));
  expect(ap).toHaveLength(72);
});

it('measures whether two sets match', async () => {
  const sp = await made(semantic, { ...free, source: all, per_class: 12, reuse: 1 });
  const ap = await made(augmented, { ...free, source: all, per_class: 12 });
  const more = await made(control, { of: sp });
  const compare = async (a: Artifact, b: Artifact) => {
    const context = contextOf({ a, b, label: 'class' });
    return { ...(await compared(context)), remarked: context.remarked };
  };
  expect(await compare(sp, ap)).toEqual({
    metrics: {
      unmatched_classes: 0,
      unmatched_pairs: 0,
      pairs_a: 36,
      pairs_b: 36,
      images_a: 72,
      images_b: 36,
    },
    remarked: [],
  });
  expect(await compare(sp, more)).toMatchObject({
    metrics: { unmatched_classes: 3, unmatched_pairs: 36, images_b: 72 },
    remarked: [
      'the two sets of pairs are not matched: 3 classes have not as many pairs in both: ant 12 and 24, bee 12 and 24, cat 12 and 24',
    ],
  });
});

it('audits pairs against labels and against what they could be made of', async () => {
  const sp = await made(semantic, { ...free, source: all, per_class: 12, reuse: 1 });
  const spoilt = await made(corrupted, { of: sp, share: 0.25, label: 'class', seed: 0 });
  const audited = async (pairs: Artifact, of = all) => {
    const context = contextOf({ pairs, source: of, label: 'class', split: 'train' });
    const { metrics } = await audit(context);
    return { ...metrics, remarked: context.remarked };
  };
  expect(await audited(sp)).toEqual({
    pairs: 36,
    images: 72,
    classes: 3,
    precision: 1,
    images_covered: 72 / 94,
    classes_covered: 1,
    most_used: 1,
    mean_used: 1,
    itself: 0,
    repeated: 0,
    copies: 0,
    remarked: [],
  });
  expect(await audited(spoilt)).toMatchObject({ precision: 27 / 36, pairs: 36 });
  const ap = await made(augmented, { ...free, source: all });
  expect(await audited(ap)).toMatchObject({ itself: 94, images_covered: 1, precision: 1 });
  const copied = imagesOf(
    ['ant', 'ant', 'bee', 'bee'].map((name, i) => ({
      split: 'train',
      class: name,
      artist: `${i}`,
      pixels: [i < 2 ? 5 : i],
    })),
  );
  const both = await made(semantic, { ...free, source: copied });
  expect(await audited(both, copied)).toMatchObject({
    repeated: 2,
    copies: 2,
    most_used: 2,
    mean_used: 2,
    remarked: ['2 of 4 pairs are two images with the same pixels'],
  });
  await expect(audited(sp, drawings({ ant: 2 }))).rejects.toThrow(
    'which is not in split `train` of `source`',
  );
});

it('audits by the labels that the source has now, not by those that the pairs have', async () => {
  const relabelled = imagesOf(
    ['ant', 'ant', 'bee', 'bee'].map((name, i) => ({
      split: 'train',
      class: name,
      artist: `${i}`,
      pixels: [i],
    })),
  );
  const before = imagesOf(
    ['ant', 'ant', 'ant', 'ant'].map((name, i) => ({
      split: 'train',
      class: name,
      artist: `${i}`,
      pixels: [i],
    })),
  );
  const sp = await made(semantic, { ...free, source: before });
  const context = contextOf({ pairs: sp, source: relabelled, label: 'class', split: 'train' });
  const { metrics } = await audit(context);
  const [right, names] = [namesOf(sp), ['train-0', 'train-1']];
  const agreeing = right.filter(([a, b]) => names.includes(a) === names.includes(b)).length;
  expect(agreeing).toBeLessThan(4);
  expect(metrics).toMatchObject({ precision: agreeing / 4, classes: 2 });
});
