import { createHash } from 'node:crypto';
import { verbOf } from '../../base/counted.js';
import type { StageContext } from '../stage.js';
import type { Images } from './images.js';
import { sketchOf } from './sketch.js';

/** How many of the images at `asked` have the pixels of another image at `among` that is a candidate for them. */
export function countCopies(
  images: Images,
  asked: Int32Array,
  among: Int32Array,
  isCandidate: (index: number, other: number) => boolean = () => true,
): number {
  const copies = copiesAmong(images, new Set([...among, ...asked]));
  const known = new Set(among);
  const groups = new Map<number, number[]>();
  for (const [index, first] of copies) {
    if (!known.has(index)) continue;
    const group = groups.get(first);
    if (group) group.push(index);
    else groups.set(first, [index]);
  }
  return asked.filter((index) =>
    groups
      .get(copies.get(index) ?? -1)
      ?.some((other) => other !== index && isCandidate(index, other)),
  ).length;
}

/**
 * For each of the images at `indices` that has the very pixels of others, the first of them: itself, or one
 * before it. `sketches` are those of images whose pixels were seen already, and NaN for others.
 */
export function copiesAmong(
  images: Images,
  indices: Iterable<number>,
  sketches?: Float64Array,
): ReadonlyMap<number, number> {
  const sketch = (index: number): number => {
    const known = sketches?.[index] ?? Number.NaN;
    return Number.isNaN(known) ? sketchOf(images.image(index)) : known;
  };
  const first = new Map<number, number>();
  const asked = Int32Array.from(indices);
  // Most images differ in some of their pixels already, which is quicker to find out.
  const own = Float64Array.from(asked, sketch);
  const twice = repeatedIn(own);
  const similarTo = asked.filter((_, place) => twice.has(own[place] ?? -1));
  for (const similar of alike(similarTo, sketch)) {
    for (const same of alike(similar, (index) => digestOf(images.image(index)))) {
      for (const index of same) first.set(index, same[0] ?? index);
    }
  }
  return first;
}

/** The numbers that stand more than once. */
function repeatedIn(numbers: Float64Array): ReadonlySet<number> {
  const sorted = numbers.toSorted();
  return new Set(sorted.filter((number, place) => place > 0 && number === sorted[place - 1]));
}

/** Groups of two or more that have the same key, each in their order. */
function alike(
  indices: Iterable<number>,
  keyOf: (index: number) => string | number,
): readonly (readonly number[])[] {
  const groups = new Map<string | number, number | number[]>();
  for (const index of indices) {
    const key = keyOf(index);
    const before = groups.get(key);
    if (before === undefined) groups.set(key, index);
    else if (typeof before === 'number') groups.set(key, [before, index]);
    else before.push(index);
  }
  return [...groups.values()].filter((group) => typeof group !== 'number');
}

const digestOf = (pixels: Uint8Array): string =>
  createHash('sha256').update(pixels).digest('base64');

/** Remarks that images to score on have a copy among those that are learnt from. */
export function remarkCopies(
  images: Images,
  { train, test }: { readonly train: string; readonly test: string },
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const asked = images.indicesOf(test);
  const copies = countCopies(images, asked, images.indicesOf(train));
  if (copies === 0) return;
  const where = train === test ? 'another image there' : `an image of split \`${train}\``;
  remark(
    `${copies} of the ${asked.length} images of split \`${test}\` ${verbOf(copies, 'has', 'have')} the very pixels of ${where}`,
  );
}
