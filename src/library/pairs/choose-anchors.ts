import { verbOf } from '../../base/counted.js';
import { permutation } from '../../tensor/permutation.js';
import { createRng } from '../../tensor/rng.js';
import type { Images } from '../artifact/images.js';
import { listed } from '../artifact/labels.js';
import { noClass } from '../artifact/no-class.js';
import type { StageContext } from '../stage.js';
import type { ClassMembers } from './class-members.js';
import { notEnough, takenOfNone } from './not-enough.js';

/** One class in a split, and those of its images that pairs are made for. */
export interface ClassAnchors extends ClassMembers {
  /** Some or all of the members, in the source's order. */
  readonly anchors: readonly number[];
}

/** Which images begin a pair. */
export interface Choice {
  readonly split: string;
  readonly per_class: number | null;
  readonly seed: number;
}

/**
 * For each class of some, the images that each begin one pair: all of them, or `per_class` drawn by the
 * seed. Both kinds of pairs begin with these, so that they have the same classes and the same
 * number of pairs. A class in which no image has a partner is left out of both, with a remark.
 * @throws SspError `too-few-images` that names the classes with less than `per_class`.
 */
export function chooseAnchors(
  images: Images,
  all: readonly ClassMembers[],
  { split, per_class, seed }: Choice,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): readonly ClassAnchors[] {
  // Those without a class, which augmented pairs have, have no partners whatever there is of them.
  const isLonely = ({ name, members, partnersOf }: ClassMembers): boolean =>
    name !== noClass && partnersOf(members[0] ?? -1).count === 0;
  const alone = all.map(isLonely);
  const lonely = all.filter((_, at) => alone[at]);
  const classes = all.filter((_, at) => !alone[at]);
  const needed = images.hasAttribute('artist') ? 'images by two artists' : 'two images';
  if (per_class !== null) {
    const counts = all.map(({ name, members }, at) => ({
      name,
      count: alone[at] ? 0 : members.length,
    }));
    const short = counts.filter(({ count }) => count < per_class);
    if (short.length > 0) {
      const why = lonely.length > 0 && { why: `A class without ${needed} has none to pair.` };
      throw notEnough('images', { short, of: all.length, asked: per_class, ...why });
    }
  } else if (lonely.length > 0 && classes.length > 0) {
    const names = listed(lonely.map(({ name }) => name));
    remark(
      `${lonely.length} of the ${all.length} classes of split \`${split}\` ${verbOf(lonely.length, 'has', 'have')} no ${needed} and ${verbOf(lonely.length)} left out: ${names}`,
    );
  }
  const none = classes.find(({ name }) => name === noClass)?.members.length ?? 0;
  if (per_class !== null && per_class < none) remark(takenOfNone('images', per_class, none));
  return classes.map((one) => ({ ...one, anchors: anchorsOf(one, per_class, seed) }));
}

/** The images of a class that begin its pairs: all, or so many drawn by the seed, the fewer among the more. */
export function anchorsOf(
  { name, members }: ClassMembers,
  perClass: number | null,
  seed: number,
): readonly number[] {
  if (perClass === null || perClass >= members.length) return members;
  const order = permutation(createRng(seed, 'anchors', name), members.length);
  const chosen = new Set(order.subarray(0, perClass));
  return members.filter((_, place) => chosen.has(place));
}
