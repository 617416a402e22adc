import { permutation } from '../permutation.js';
import { createRng } from '../rng.js';

/** Which images keep their labels. */
export interface LabelShare {
  /** Of all images, from 0 to 1. */
  readonly share: number;
  readonly seed: number;
  readonly draw: number;
}

/** How many images a share is, to the nearest whole number. */
export const countOfShare = (images: number, share: number): number => Math.round(share * images);

/**
 * Places of a share of the images, ascending, of each class as many, or one more in classes that are drawn: as
 * google-research/simclr@383d414 imagenet_subsets/ has 12 or 13 of each class, and 128 or 129. One draw for
 * each seed and number; the images of a smaller share are among those of a larger one.
 * @param labels - classes of the images to draw from; each class has as many images as are drawn of it
 */
export function drawLabelShare(
  labels: Int32Array,
  classes: number,
  { share, seed, draw }: LabelShare,
): Int32Array {
  const total = countOfShare(labels.length, share);
  // The class at rank r of this order is the r-th to get one more.
  const order = permutation(createRng(seed, 'label-share', draw), classes);
  const membersOf = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, place) => {
    membersOf[label]?.push(place);
  });
  const drawn: number[] = [];
  order.forEach((label, rank) => {
    const members = membersOf[label] ?? [];
    const wanted = Math.floor((total + classes - 1 - rank) / classes);
    const chosen = permutation(createRng(seed, 'label-share', draw, label), members.length);
    for (const at of chosen.subarray(0, wanted)) drawn.push(members[at] ?? 0);
  });
  return Int32Array.from(drawn).sort();
}
