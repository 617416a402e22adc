import { permutation } from '../permutation.js';
import { createRng } from '../rng.js';

/** Places of items: those kept to fit on and those held out, both in their order. */
export interface HeldOut {
  readonly kept: Int32Array;
  readonly held: Int32Array;
  /** Classes that have a single item, which is kept. */
  readonly single: readonly number[];
}

/**
 * Holds a share of each class out, drawn by the seed: the share of its items to the nearest whole
 * number, one at least and never all. So neither the order of the items nor that of the classes
 * decides which classes are held out.
 */
export function holdOut(labels: Int32Array, share: number, seed: number): HeldOut {
  const places = new Map<number, number[]>();
  labels.forEach((label, place) => {
    const known = places.get(label);
    if (known) known.push(place);
    else places.set(label, [place]);
  });
  const held = new Set<number>();
  const single: number[] = [];
  for (const [label, members] of places) {
    const n = members.length;
    if (n === 1) single.push(label);
    const count = Math.min(n - 1, Math.max(1, Math.round(share * n)));
    const order = permutation(createRng(seed, 'hold-out', label), n);
    for (const at of order.subarray(0, count)) held.add(members[at] ?? 0);
  }
  const all = Int32Array.from(labels.keys());
  return {
    kept: all.filter((place) => !held.has(place)),
    held: all.filter((place) => held.has(place)),
    single: single.sort((a, b) => a - b),
  };
}
