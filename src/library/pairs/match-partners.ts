import type { Rng } from '../../tensor/rng.js';
import type { Partners } from './class-members.js';

/** Images that each begin one pair, and whom each may be paired with. */
interface Asked {
  readonly anchors: readonly number[];
  partnersOf(anchor: number): Partners;
  /** In how many pairs an image may be, whether it begins them or not. */
  readonly reuse: number;
}

/**
 * A partner for each anchor, at random, such that no image is in more than `reuse` pairs; -1 for an
 * anchor that gets none. As many get one as is possible: where a random choice is in the way of a later
 * anchor, it is changed along an augmenting path (Kuhn 1955, with capacities).
 */
export function matchPartners({ anchors, partnersOf, reuse }: Asked, rng: Rng): Int32Array {
  const beginning = new Set(anchors);
  const holders = new Map<number, Set<number>>();
  const partners = new Int32Array(anchors.length).fill(-1);
  const isFree = (image: number): boolean =>
    (holders.get(image)?.size ?? 0) + (beginning.has(image) ? 1 : 0) < reuse;
  const give = (place: number, image: number): void => {
    holders.get(partners[place] ?? -1)?.delete(place);
    partners[place] = image;
    const held = holders.get(image);
    if (held) held.add(place);
    else holders.set(image, new Set([place]));
  };
  anchors.forEach((anchor, place) => {
    const free = [...imagesOf(partnersOf(anchor))].filter(isFree);
    if (free.length > 0) give(place, free[rng.below(free.length)] ?? -1);
    else makeRoom(place);
  });
  return partners;

  /** Lets others take other partners, so that the anchor at `place` gets one; breadth first. */
  function makeRoom(place: number): void {
    const reachedFrom = new Map<number, number>();
    const queue = [place];
    for (const at of queue) {
      for (const image of imagesOf(partnersOf(anchors[at] ?? -1))) {
        if (reachedFrom.has(image)) continue;
        reachedFrom.set(image, at);
        if (!isFree(image)) {
          for (const holder of holders.get(image) ?? []) queue.push(holder);
          continue;
        }
        for (let [taker, taken] = [at, image]; ; ) {
          const left = partners[taker] ?? -1;
          give(taker, taken);
          if (taker === place) return;
          [taker, taken] = [reachedFrom.get(left) ?? -1, left];
        }
      }
    }
  }
}

function* imagesOf({ count, at }: Partners): Generator<number> {
  for (let place = 0; place < count; place++) yield at(place);
}
