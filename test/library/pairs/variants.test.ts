import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { run as control } from '../../../src/library/pairs/augmented_control.js';
import { run as augmented } from '../../../src/library/pairs/augmented_pairs.js';
import { run as corrupted } from '../../../src/library/pairs/corrupted_pairs.js';
import { run as compared } from '../../../src/library/pairs/matched.js';
import { run as mixed } from '../../../src/library/pairs/mixed_pairs.js';
import { run as audit } from '../../../src/library/pairs/pair_audit.js';
import { run as semantic } from '../../../src/library/pairs/semantic_pairs.js';
import type { Artifact } from '../../../src/library/stage.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { all, drawings, free, made, namesOf, texts } from './pair-sets.js';

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
