import { noClass } from '../artifact/no-class.js';
import type { StageSize, WrittenStage } from './written-stage.js';

/** A data set as published: images of each split, and classes. */
interface Published {
  readonly splits: Readonly<Record<string, number>> & { readonly train: number };
  readonly classes: number;
}

const published: Readonly<Record<string, Published>> = {
  'std.data.cifar10': { splits: { train: 50_000, test: 10_000 }, classes: 10 },
  'std.data.cifar100': { splits: { train: 50_000, test: 10_000 }, classes: 100 },
  'std.data.stl10': { splits: { train: 5000, test: 8000, [noClass]: 100_000 }, classes: 10 },
  'std.data.tiny_imagenet': { splits: { train: 100_000, validation: 10_000 }, classes: 200 },
  'std.data.imagenet': { splits: { train: 1_281_167, validation: 50_000 }, classes: 1000 },
};

/** Images of a fold of STL-10. */
const ofFold = 1000;

/**
 * What a stage that reads a published set takes of it; a share of the classes has that share of the images. `listed` is
 * how many classes its list names. Empty where that cannot be said.
 */
export function imagesOf(
  stage: string,
  params: WrittenStage['params'],
  listed: number | undefined,
): StageSize {
  const known = published[stage];
  const { size, per_class, classes: named, check, fold } = params;
  // A list that is not there may name any number.
  if (known === undefined || typeof size !== 'number' || (named !== null && listed === undefined)) {
    return {};
  }
  const left = [
    ...(params.validation === false ? ['validation'] : []),
    ...(params.unlabelled === false ? [noClass] : []),
  ];
  const others = Object.entries(known.splits).filter(
    ([split]) => split !== 'train' && !left.includes(split),
  );
  // Whether it names that one, too, is not known.
  if (listed !== undefined && others.some(([split]) => split === noClass)) return {};
  const classes = listed ?? known.classes;
  const some = typeof per_class === 'number' ? per_class : undefined;
  if (check === 'layout') {
    // Any number of images may be there, of which so many are taken.
    if (listed === undefined || some === undefined) return {};
    return { splits: { train: some * classes }, classes, side: size };
  }
  const isFold = typeof fold === 'number';
  if (isFold && listed !== undefined && some === undefined) return {};
  const all = (isFold ? ofFold : known.splits.train) / known.classes;
  const train = Math.round(Math.min(all, some ?? all) * classes);
  const share = classes / known.classes;
  const splits = Object.fromEntries([
    ['train', train],
    ...others.map(([split, images]) => [
      split,
      split === noClass ? images : Math.round(share * images),
    ]),
  ]) as Record<string, number>;
  const count = Object.values(splits).reduce((sum, images) => sum + images, 0);
  return { count, splits, classes, side: size, bytes: 3 * size ** 2 * count };
}
