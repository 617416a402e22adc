import { saidOf } from '../../base/counted.js';
import type { Facts } from '../stage.js';
import type { Boxes } from './boxes.js';
import type { Images } from './images.js';
import type { Source } from './items.js';
import { listed } from './labels.js';
import { noClass } from './no-class.js';
import type { Pairs } from './pairs.js';
import type { Written } from './write-images.js';

/** What is in images: how many, of which classes, splits and sources. */
export function factsOfImages(images: Images): Facts {
  const splits = countsOf(images.items.map(({ split }) => split));
  return {
    images: images.count,
    size: `${images.size} px`,
    ...factsOfClasses(images, 'images', Int32Array.from(images.items.keys())),
    ...Object.fromEntries([...splits].map(([split, count]) => [`in ${split}`, count])),
    ...factsOfSources(images.sources),
  };
}

/** What is in the boxes beside images: how many objects there are, of which classes, and how many are difficult. */
export function factsOfBoxes({ classes, images }: Boxes): Facts {
  const objects = images.flatMap(({ objects }) => objects);
  const names = objects.map(({ class: number }) => classes[number] ?? '');
  const counts = countsOf(names);
  return {
    objects: objects.length,
    'classes of objects': classes.length,
    'objects of a class': leastAndMost(classes.map((name) => [name, counts.get(name) ?? 0])),
    'difficult objects': objects.filter(({ difficult }) => difficult).length,
    'images without objects': images.filter(({ objects }) => objects.length === 0).length,
  };
}

/** What is in pairs: how many, of which classes, and how many images they show. */
export function factsOfPairs({ count, images, pairs }: Pairs): Facts {
  const firsts = pairs.filter((_, at) => at % 2 === 0);
  const alone = firsts.filter((image, pair) => image === pairs[2 * pair + 1]).length;
  return {
    pairs: count,
    'distinct images': new Set(pairs).size,
    ...(alone > 0 ? { 'of one image with itself': alone } : {}),
    size: `${images.size} px`,
    ...factsOfClasses(images, 'pairs', firsts),
    ...factsOfSources(images.sources),
  };
}

/** What came of the files that images were read from: those that were skipped, and the sizes met. */
export function factsOfReading({ skipped, extents }: Written): Facts {
  const reasons = [...skipped].map(([reason, { length }]) => `${length} ${saidOf(length, reason)}`);
  const left = [...skipped.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    skipped: left === 0 ? 0 : `${left}: ${listed(reasons)}`,
    ...(extents.size > 0 ? { 'sizes met': extentsText(extents) } : {}),
  };
}

/** What the numbers of an evaluation are about; what does not apply is left out. */
export interface Scored {
  /** Images whose labels were learnt: fitted to, or voting. */
  readonly fitted?: number;
  /** Images that an answer was chosen among, where nothing is learnt of them. */
  readonly searched?: number;
  /** Images that an answer was asked for, of which the score is a share or mean. */
  readonly asked: number;
  /** Classes to tell apart. */
  readonly classes?: number;
}

/** What every evaluation says of its numbers; reports say it beneath each table that shows them. */
export function factsOfScore({ fitted, searched, asked, classes }: Scored): Facts {
  return {
    ...(fitted === undefined ? {} : { 'images fitted to': fitted }),
    ...(searched === undefined ? {} : { 'images searched': searched }),
    'images asked': asked,
    ...(classes === undefined ? {} : { classes }),
  };
}

/** How many classes there are among images, of how many `things` the smallest and the largest is, and how many have none. */
function factsOfClasses(images: Images, things: string, indices: Int32Array): Facts {
  if (!images.hasAttribute('class')) return {};
  const { values, numbers } = images.labels('class');
  const all = countsOf(Array.from(indices, (index) => values[numbers[index] ?? -1] ?? ''));
  const counts = [...all].filter(([name]) => name !== noClass);
  const without = all.get(noClass);
  return {
    ...(counts.length > 0 && {
      classes: counts.length,
      [`${things} of a class`]: leastAndMost(counts),
    }),
    ...(without !== undefined && { [`${things} without a class`]: without }),
  };
}

/** The least and the largest of counts with their names; one number where they are equal. */
function leastAndMost(
  counts: readonly (readonly [name: string, count: number])[],
): string | number {
  const ascending = counts.toSorted(([, a], [, b]) => a - b);
  const [name, least] = ascending[0] ?? ['', 0];
  const [other, most] = ascending.at(-1) ?? ['', 0];
  return least === most ? least : `${least} (${name}) to ${most} (${other})`;
}

/** Where images come from, and on which terms. */
function factsOfSources(sources: readonly Source[]): Facts {
  if (sources.length === 0) return {};
  const texts = sources.map(({ name, version, license }) =>
    [name, version, license && `(${license})`].filter((part) => part !== '').join(' '),
  );
  return { source: listed(texts, 12) };
}

/** `500x375`, or the smallest and the largest by their pixels, and the one that was met most. */
function extentsText(extents: ReadonlyMap<string, number>): string {
  const area = (extent: string): number => {
    const [width = 0, height = 0] = extent.split('x').map(Number);
    return width * height;
  };
  const bySize = [...extents.keys()].sort((a, b) => area(a) - area(b));
  const [least = ''] = bySize;
  if (bySize.length === 1) return least;
  const [most = ''] = [...extents].sort(([, a], [, b]) => b - a)[0] ?? [];
  return `${bySize.length}, ${least} to ${bySize.at(-1)}, most often ${most}`;
}

function countsOf(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
