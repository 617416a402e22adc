import { resolve } from 'node:path';
import type { Json } from '../../base/canonical.js';
import { SspError } from '../../base/errors.js';
import { isRecord } from '../../base/own.js';
import { noClass } from '../artifact/no-class.js';
import { linesOfClassList } from '../data/class-list.js';
import { backboneWork } from './backbone-work.js';
import { imagesOf } from './published-images.js';
import { trainingOperations } from './training-operations.js';
import { viewSizes } from './view-sizes.js';
import type { StageSize, WrittenStage } from './written-stage.js';

/** What its size is made of. */
interface SizeWorld {
  /** Of the stage behind a parameter, `{input: id}`. */
  readonly sizeOf: (param: Json | undefined) => StageSize;
  /** Lines of a file that are not empty, where it is there: a parameter `{file: path}`. */
  readonly linesOf: (param: Json | undefined) => number | undefined;
}

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

/** The size of a stage; empty where nothing is known of it. */
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
      return semanticPairs(params, world);
    case 'std.pairs.augmented_pairs':
      return pairsOf(sizeOf(params.source), params);
    case 'std.pairs.subset_pairs':
      return ofEach(sizeOf(params.of), params.per_class);
    case 'std.pairs.corrupted_pairs':
      return sizeOf(params.of);
    case 'std.pairs.mixed_pairs':
      return sizeOf(params.a);
    case 'std.train.pretrain':
      return training(params, sizeOf(params.pairs).count);
    case 'std.train.supervised':
      return training(params, ofSplit(sizeOf(params.images), params.split));
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

/** Images of a split, where it is written; a stage that does not say takes `train`. */
const ofSplit = ({ splits }: StageSize, split: Json = 'train'): number | undefined =>
  typeof split === 'string' ? splits?.[split] : undefined;

/** Pairs that are listed or drawn; drawn by class, so of no class there are none. */
function semanticPairs(params: WrittenStage['params'], { sizeOf, linesOf }: SizeWorld): StageSize {
  const { list, per_class, reuse, split } = params;
  const listed = linesOf(list);
  // The first line is the header; of which classes the others are is not known.
  if (listed !== undefined && typeof per_class !== 'number')
    return { count: Math.max(0, listed - 1) };
  // Half of each class or fewer with `reuse: 1`.
  const isFewer = reuse === 1 && typeof per_class !== 'number';
  if (isRecord(list) || split === noClass || isFewer) return {};
  return pairsOf(sizeOf(params.source), params);
}

/** Pairs within the classes of a split: so many of each, or one that begins with each image. */
function pairsOf(source: StageSize, { per_class, split }: WrittenStage['params']): StageSize {
  const count = ofSplit(source, split);
  if (count === undefined) return {};
  // Images without a class are as if they had one.
  const classes = split === noClass ? 1 : source.classes;
  return ofEach({ count, ...(classes !== undefined && { classes }) }, per_class);
}

/** So many of each class, where there are as many. */
function ofEach({ count, classes }: StageSize, each: Json | undefined): StageSize {
  if (count === undefined || classes === undefined) return {};
  return { classes, count: typeof each === 'number' ? Math.min(count, each * classes) : count };
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
