import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import type { Images } from '../artifact/images.js';

/** The images of one class in a split, and those of them that pairs are made for. */
export interface ClassAnchors {
  readonly name: string;
  readonly members: readonly number[];
  /** Some or all of the members, in the source's order. */
  readonly anchors: readonly number[];
}

/**
 * For each class, the images that each begin one pair: all of them, or `perClass` drawn by the
 * seed. Both kinds of pairs begin with these, so that they have the same classes and the same
 * number of pairs. A class in which no image has a partner has none: it is left out of both.
 */
export function chooseAnchors(
  images: Images,
  split: string,
  perClass: number | null,
  seed: number,
): readonly ClassAnchors[] {
  const { values, numbers } = images.labels('class');
  const members = values.map((): number[] => []);
  for (const index of images.indicesOf(split)) members[numbers[index] ?? -1]?.push(index);
  return values.flatMap((name, number) => {
    const all = members[number] ?? [];
    const [one] = all;
    if (one === undefined || partnersOf(images, one, all).length === 0) return [];
    return [{ name, members: all, anchors: choose(all, perClass, seed, name) }];
  });
}

/**
 * The images of a class that may be paired with one of them: by another artist where the images
 * have artists, else any other.
 */
export function partnersOf(
  images: Images,
  anchor: number,
  members: readonly number[],
): readonly number[] {
  const artist = images.item(anchor).attributes.artist;
  return members.filter((member) =>
    artist === undefined ? member !== anchor : images.item(member).attributes.artist !== artist,
  );
}

function choose(
  all: readonly number[],
  perClass: number | null,
  seed: number,
  name: string,
): readonly number[] {
  if (perClass === null || perClass >= all.length) return all;
  const order = permutation(createRng(seed, 'anchors', name), all.length);
  const chosen = new Set(order.subarray(0, perClass));
  return all.filter((_, place) => chosen.has(place));
}
