import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/canonical.js';
import { stageSize } from '../../../src/library/size/stage-size.js';
import { viewSizes } from '../../../src/library/size/view-sizes.js';

const world = {
  sizeOf: () => ({ count: 1000, splits: { train: 800, test: 200 }, classes: 10, side: 64 }),
  linesOf: (param: Json | undefined) => (param ? 187 : undefined),
};
const described = (name: string, args: Readonly<Record<string, Json>>): Json => ({
  describe: `std.${name}`,
  version: 1,
  args,
});
const views = described('views.simclr_views', { size: 64 });
const backbone = described('backbone.resnet18', { width: 64, stem: 'small' });
const training = (method: string, args: Readonly<Record<string, Json>> = {}, more = {}) =>
  stageSize(
    {
      stage: 'std.train.pretrain',
      params: {
        ...{ pairs: { input: 'pairs' }, views, backbone, epochs: 10 },
        ...{ method: described(`ssl.${method}`, args), ...more },
      },
    },
    world,
  ).operations ?? 0;

it('says how many images and pairs there will be', () => {
  const imagenet = (params: Readonly<Record<string, Json>>) =>
    stageSize(
      {
        stage: 'std.data.imagenet',
        params: { size: 64, classes: null, per_class: null, validation: true, ...params },
      },
      world,
    );
  expect(imagenet({})).toMatchObject({
    ...{ count: 1_331_167, splits: { train: 1_281_167, validation: 50_000 }, classes: 1000 },
  });
  expect(imagenet({ validation: false }).count).toBe(1_281_167);
  expect(imagenet({ classes: { file: '187.txt' }, per_class: 157 })).toMatchObject({
    splits: { train: 187 * 157 },
    classes: 187,
  });
  const pairs = (stage: string, params: Readonly<Record<string, Json>>) =>
    stageSize({ stage: `std.pairs.${stage}`, params }, world).count;
  expect(pairs('semantic_pairs', { list: null, per_class: 7 })).toBe(70);
  expect(pairs('augmented_pairs', { per_class: null })).toBe(800);
  expect(pairs('augmented_pairs', { per_class: null, split: 'test' })).toBe(200);
  expect(pairs('augmented_pairs', { per_class: null, split: 'held' })).toBe(undefined);
  const listed = { list: { file: 'pairs.csv' }, per_class: null };
  expect(pairs('semantic_pairs', listed)).toBe(186);
  const nothing = { ...world, linesOf: () => 0 };
  expect(stageSize({ stage: 'std.pairs.semantic_pairs', params: listed }, nothing).count).toBe(0);
  // So many of each class of the list, of which nothing is known; half of each class, or fewer.
  expect(pairs('semantic_pairs', { ...listed, per_class: 50 })).toBe(undefined);
  expect(pairs('semantic_pairs', { list: null, per_class: null, reuse: 1 })).toBe(undefined);
  expect(pairs('semantic_pairs', { list: null, per_class: null, reuse: 2 })).toBe(800);
  expect(pairs('semantic_pairs', { list: null, per_class: 7, reuse: 1 })).toBe(70);
});

it('counts what is taken of STL-10, and nothing where files may be others than the published', () => {
  const sizeOf = (stage: string, params: Readonly<Record<string, Json>>) =>
    stageSize(
      {
        stage: `std.data.${stage}`,
        params: { size: 8, classes: null, per_class: null, ...params },
      },
      world,
    );
  const stl10 = (params: Readonly<Record<string, Json>> = {}) =>
    sizeOf('stl10', { fold: null, unlabelled: true, check: 'published', ...params });
  expect(stl10()).toMatchObject({ count: 113_000, splits: { unlabelled: 100_000 } });
  expect(stl10({ unlabelled: false })).toMatchObject({ count: 13_000, bytes: 13_000 * 192 });
  expect(stl10({ fold: 0, unlabelled: false })).toMatchObject({
    ...{ count: 9000, splits: { train: 1000, test: 8000 } },
  });
  expect(stl10({ fold: 3, per_class: 20 }).splits?.train).toBe(200);
  const classes = { file: 'classes.txt' };
  expect(stl10({ classes })).toEqual({});
  expect(stl10({ classes, fold: 0, unlabelled: false })).toEqual({});
  const pairs = (split: string, per_class: number | null, stage = 'augmented_pairs') =>
    stageSize(
      { stage: `std.pairs.${stage}`, params: { list: null, per_class, split, reuse: null } },
      { ...world, sizeOf: () => stl10() },
    ).count;
  expect(pairs('unlabelled', null)).toBe(100_000);
  expect(pairs('unlabelled', 50)).toBe(50);
  expect(pairs('train', 50)).toBe(500);
  expect(pairs('unlabelled', null, 'semantic_pairs')).toBe(undefined);
  expect(sizeOf('cifar10', { check: 'layout' })).toEqual({});
  expect(sizeOf('cifar10', { check: 'layout', classes })).toEqual({});
  expect(sizeOf('imagenet', { check: 'layout', classes, per_class: 157 })).toEqual({
    ...{ splits: { train: 187 * 157 }, classes: 187, side: 8 },
  });
});

it('counts each view forward and back, and forward through a teacher', () => {
  const one = training('simclr') / 6;
  expect(one).toBeGreaterThan(0);
  expect(training('simclr', {}, { epochs: 20 })).toBe(12 * one);
  expect(training('byol')).toBe(8 * one);
  expect(training('moco_v2', { symmetric: false })).toBe(4 * one);
  expect(training('moco_v2', { symmetric: true })).toBe(8 * one);
  const half = described('views.simclr_views', { size: 32 });
  const crops = described('views.multi_crop', { globals: views, locals: half, count: 4 });
  expect(viewSizes(crops)).toEqual([64, 64, 32, 32, 32, 32]);
  // Four views of a quarter of the pixels cost as much as one.
  expect(training('swav', {}, { views: crops })).toBe(9 * one);
  expect(training('dino', {}, { views: crops })).toBe(11 * one);
});

it('says nothing of networks and views of your own', () => {
  expect(training('simclr', {}, { backbone: { describe: 'own.net', args: {} } })).toBe(0);
  expect(training('simclr', {}, { views: { describe: 'own.views', args: { size: 64 } } })).toBe(0);
});
