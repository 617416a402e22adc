import type { Neighbours } from './found-neighbours.js';

/** What of the neighbours becomes a pair. */
interface Wanted {
  /** Each is among the other's neighbours. */
  readonly mutual: boolean;
  /** The least similarity. */
  readonly threshold: number | null;
}

/** The pairs that neighbours make, each once, in the order of the images that begin them and then of nearness. */
export function keepPairs(found: Neighbours, { mutual, threshold }: Wanted): Neighbours {
  const { images, others, similarities } = found;
  const order = inOrder(images);
  const isBack = foundBack(found, order);
  const kept = order.filter((at) => {
    if (threshold !== null && (similarities[at] ?? 0) < threshold) return false;
    // Found from both sides: kept where it begins with the image that stands first.
    return isBack[at] === 1 ? (images[at] ?? 0) < (others[at] ?? 0) : !mutual;
  });
  return {
    images: kept.map((at) => images[at] ?? -1),
    others: kept.map((at) => others[at] ?? -1),
    similarities: Float32Array.from(kept, (at) => similarities[at] ?? 0),
  };
}

/** For each neighbour 1 where the image is among the neighbours of it, too. `order` is by images. */
function foundBack({ images, others }: Neighbours, order: Int32Array): Uint8Array {
  const isBack = new Uint8Array(images.length);
  const byOther = inOrder(others);
  /** The last image that each was found as a neighbour of. */
  const finder = new Int32Array(1 + most(others)).fill(-1);
  let place = 0;
  let from = 0;
  while (from < byOther.length) {
    const image = others[byOther[from] ?? -1] ?? -1;
    for (; (images[order[place] ?? -1] ?? Infinity) <= image; place++) {
      const at = order[place] ?? -1;
      finder[others[at] ?? -1] = images[at] ?? -1;
    }
    for (; others[byOther[from] ?? -1] === image; from++) {
      const at = byOther[from] ?? -1;
      if (finder[images[at] ?? -1] === image) isBack[at] = 1;
    }
  }
  return isBack;
}

/** Places in the order of their numbers from 0, of equal ones as they stand. */
function inOrder(numbers: Int32Array): Int32Array {
  const starts = new Int32Array(2 + most(numbers));
  for (const number of numbers) starts[number + 1] = (starts[number + 1] ?? 0) + 1;
  for (let number = 1; number < starts.length; number++) {
    starts[number] = (starts[number] ?? 0) + (starts[number - 1] ?? 0);
  }
  const order = new Int32Array(numbers.length);
  for (const [place, number] of numbers.entries()) {
    const start = starts[number] ?? 0;
    order[start] = place;
    starts[number] = start + 1;
  }
  return order;
}

const most = (numbers: Int32Array): number =>
  numbers.reduce((largest, number) => Math.max(largest, number), -1);
