import { createRng } from '../../tensor/rng.js';
import { anchorsOf } from './choose-anchors.js';
import type { ClassMembers } from './class-members.js';
import { matchPartners } from './match-partners.js';

/** How often an image may be shown, and what the draw depends on. */
export interface Reuse {
  /** In how many pairs an image may be. */
  readonly reuse: number;
  readonly seed: number;
}

/**
 * Pairs of a class, flat: `count` of its images each begin one, with a random partner, and no image is in
 * more than `reuse`. Undefined where there are not so many.
 */
export function pairsAtMost(
  one: ClassMembers,
  count: number,
  { reuse, seed }: Reuse,
): readonly number[] | undefined {
  const anchors = anchorsOf(one, count, seed);
  if (anchors.length < count || count > bound(one, reuse)) return undefined;
  const rng = createRng(seed, 'partners', one.name);
  const partners = matchPartners({ anchors, partnersOf: one.partnersOf, reuse }, rng);
  if (partners.includes(-1)) return undefined;
  return anchors.flatMap((anchor, place) => [anchor, partners[place] ?? -1]);
}

/** As many pairs of a class as there are: what begins fewer of them begins some of more, so halving finds it. */
export function mostPairs(one: ClassMembers, reuse: Reuse): readonly number[] {
  let [least, above] = [0, bound(one, reuse.reuse) + 1];
  let found: readonly number[] = [];
  // Nearly always the bound itself.
  for (let count = above - 1; least + 1 < above; count = Math.floor((least + above) / 2)) {
    const pairs = pairsAtMost(one, count, reuse);
    if (pairs === undefined) above = count;
    else [least, found] = [count, pairs];
  }
  return found;
}

/** No more pairs than this: each has one image that begins it, two places, and one place outside of any one artist. */
function bound({ members, partnersOf }: ClassMembers, reuse: number): number {
  const others = members.reduce((least, of) => Math.min(least, partnersOf(of).count), Infinity);
  return Math.min(members.length, Math.floor((members.length * reuse) / 2), others * reuse);
}
