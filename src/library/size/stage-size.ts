import { resolve } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { isRecord } from '../../base/own.js';
import { linesOfClassList } from '../data/class-list.js';
import { backboneWork } from './backbone-work.js';
import { trainingOperations } from './training-operations.js';
import { viewSizes } from './view-sizes.js';

/** What can be said of a stage before it has run, by what is written. */
export interface StageSize {
  /** Images or pairs of the result; of images those of split `train` apart, and how many classes they have. */
  readonly count?: number;
  readonly train?: number;
  readonly classes?: number;
  /** Of images: height and width. */
  readonly side?: number;
  /** Of an encoder: its network. */
  readonly backbone?: Json;
  /** Of its result on disk. */
  readonly bytes?: number;
  /** Multiplications and additions of networks in it, forward and back. */
  readonly operations?: number;
}

/** A stage with its parameters, as a plan has them. */
export interface WrittenStage {
  readonly stage: string;
  readonly params: Readonly<Record<string, Json>>;
}

/** What its size is made of. */
interface SizeWorld {
  /** Of the stage behind a parameter, `{input: id}`. */
  readonly sizeOf: (param: Json | undefined) => StageSize;
  /** Lines of a file that are not empty, where it is there: a parameter `{file: path}`. */
  readonly linesOf: (param: Json | undefined) => number | undefined;
}

/** How many images each set has as published: those of split `train`, all, and classes. */
const published: Readonly<Record<string, { train: number; all: number; classes: number }>> = {
  'std.data.cifar10': { train: 50_000, all: 60_000, classes: 10 },
  'std.data.cifar100': { train: 50_000, all: 60_000, classes: 100 },
  'std.data.stl10': { train: 5000, all: 113_000, classes: 10 },
  'std.data.tiny_imagenet': { train: 100_000, all: 110_000, classes: 200 },
  'std.data.imagenet': { train: 1_281_167, all: 1_331_167, classes: 1000 },
};

const FLOAT = 4;

/** The sizes of stages whose files are named from a folder; each file is read once. */
export function sizesOf(
  folder: string,
): (stage: WrittenStage, of: (param: Json | undefined) => StageSize | undefined) => StageSize {
  const known = new Map<string, number | undefined>();
  const linesOf = (param: Json | undefined): number | undefined => {
    if (!isRecord(param) || typeof param.file !== 'string') return undefined;
    const path = resolve(folder, param.file);
    if (!known.has(path)) known.set(path, linesIn(path));
    return known.get(path);
  };
  return (stage, of) => stageSize(stage, { sizeOf: (param) => of(param) ?? {}, linesOf });
}

/** Lines that are not empty; undefined where they cannot be read. */
function linesIn(path: string): number | undefined {
  try {
    return linesOfClassList(path).length;
  } catch (error) {
    if (error instanceof SspError) return undefined;
    throw error;
  }
}

/** The size of a stage; empty where nothing is known of it. A share of the classes has that share of the images. */
export function stageSize({ stage, params }: WrittenStage, world: SizeWorld): StageSize {
  const { sizeOf, linesOf } = world;
  switch (stage) {
    case 'std.data.cifar10':
    case 'std.data.cifar100':
    case 'std.data.stl10':
    case 'std.data.tiny_imagenet':
    case 'std.data.imagenet':
      return imagesOf(stage, params, linesOf(params.classes));
    case 'std.pairs.semantic_pairs':
    case 'std.pairs.augmented_pairs': {
      const listed = linesOf(params.list);
      // The first line is the header.
      if (listed !== undefined) return { count: listed - 1 };
      if (isRecord(params.list)) return {};
      return perClass(sizeOf(params.source), params.per_class);
    }
    case 'std.pairs.subset_pairs':
      return perClass(sizeOf(params.of), params.per_class);
    case 'std.pairs.corrupted_pairs':
      return sizeOf(params.of);
    case 'std.pairs.mixed_pairs':
      return sizeOf(params.a);
    case 'std.train.pretrain':
      return training(params, sizeOf(params.pairs).count);
    case 'std.train.supervised':
      return training(params, sizeOf(params.images).train);
    case 'std.probe.embed': {
      const { count, side } = sizeOf(params.on);
      if (count === undefined || side === undefined) return {};
      const work = backboneWork(sizeOf(params.encoder).backbone, side);
      if (work === undefined) return {};
      const { multiplyAdds, features } = work;
      return { count, operations: 2 * multiplyAdds * count, bytes: FLOAT * count * features };
    }
    default:
      return {};
  }
}

function imagesOf(
  stage: string,
  params: WrittenStage['params'],
  listed: number | undefined,
): StageSize {
  const known = published[stage];
  const { size, per_class, validation, classes: named } = params;
  // A list that is not there may name any number.
  if (known === undefined || typeof size !== 'number' || (named !== null && listed === undefined)) {
    return {};
  }
  const all = validation === false ? known.train : known.all;
  const classes = listed ?? known.classes;
  const share = classes / known.classes;
  const each = Math.min(
    known.train / known.classes,
    typeof per_class === 'number' ? per_class : Number.POSITIVE_INFINITY,
  );
  const train = Math.round(each * classes);
  const count = train + Math.round(share * (all - known.train));
  return { count, train, classes, side: size, bytes: 3 * size ** 2 * count };
}

/** Pairs within classes: so many of each, or one that begins with each image. */
function perClass({ train, count, classes }: StageSize, each: Json | undefined): StageSize {
  const most = train ?? count;
  if (most === undefined || classes === undefined) return {};
  return { classes, count: typeof each === 'number' ? Math.min(most, each * classes) : most };
}

function training(params: WrittenStage['params'], count: number | undefined): StageSize {
  const [first] = viewSizes(params.views);
  const work = first === undefined ? undefined : backboneWork(params.backbone, first);
  const operations = count === undefined ? undefined : trainingOperations(params, count);
  return {
    ...(params.backbone !== undefined && { backbone: params.backbone }),
    ...(work && { bytes: FLOAT * work.weights }),
    ...(operations !== undefined && { operations }),
  };
}
