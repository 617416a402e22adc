import { createHash } from 'node:crypto';
import type { StageContext } from '../stage.js';
import type { Images } from './images.js';

/** How many of the images at `asked` have the pixels of another image at `among` that is a candidate for them. */
export function countCopies(
  images: Images,
  asked: Int32Array,
  among: Int32Array,
  isCandidate: (index: number, other: number) => boolean = () => true,
): number {
  const digest = (index: number): string => digestOf(images, index);
  const places = new Map<string, number[]>();
  for (const index of among) {
    const content = digest(index);
    const alike = places.get(content);
    if (alike) alike.push(index);
    else places.set(content, [index]);
  }
  return asked.filter((index) =>
    places.get(digest(index))?.some((other) => other !== index && isCandidate(index, other)),
  ).length;
}

/** For each of the images at `indices`, the first of them that has its very pixels: often itself. */
export function firstAlike(images: Images, indices: Iterable<number>): ReadonlyMap<number, number> {
  const first = new Map<string, number>();
  const alike = new Map<number, number>();
  for (const index of indices) {
    const content = digestOf(images, index);
    const before = first.get(content);
    if (before === undefined) first.set(content, index);
    alike.set(index, before ?? index);
  }
  return alike;
}

const digestOf = (images: Images, index: number): string =>
  createHash('sha256').update(images.image(index)).digest('base64');

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
    `${copies} of the ${asked.length} images of split \`${test}\` have the very pixels of ${where}`,
  );
}
