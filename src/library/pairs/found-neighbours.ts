import { SspError } from '../../base/errors.js';

/** Images and neighbours of theirs, one beside another. */
export interface Neighbours {
  readonly images: Int32Array;
  readonly others: Int32Array;
  /** Cosines. */
  readonly similarities: Float32Array;
}

/** Neighbours that are kept: so many take half a gigabyte until they are pairs. */
const most = 2 ** 24;

/** How far the similarities of two images, each asked for the other, may be apart by rounding. */
const rounding = 1e-3;

/** Collects neighbours that are found one after another. */
export interface Collector {
  /** @throws SspError `too-many-pairs`. */
  add(image: number, other: number, similarity: number): void;
  /** The largest similarity that was found, kept or not; undefined where none was. */
  readonly best: number | undefined;
  /** What is kept. */
  found(): Neighbours;
}

/** Keeps neighbours that are about as similar as `threshold`, or more: others make no pair, and are too many. */
export function collectNeighbours(threshold: number | null): Collector {
  const least = threshold === null ? -Infinity : threshold - rounding;
  let room = 2 ** 12;
  let [images, others] = [new Int32Array(room), new Int32Array(room)];
  let similarities = new Float32Array(room);
  let count = 0;
  let best: number | undefined;
  return {
    add(image, other, similarity) {
      if (best === undefined || similarity > best) best = similarity;
      if (similarity < least) return;
      if (count === most) throw tooMany(threshold);
      if (count === room) {
        room *= 2;
        [images, others] = [enlarged(images, room), enlarged(others, room)];
        const before = similarities;
        similarities = new Float32Array(room);
        similarities.set(before);
      }
      images[count] = image;
      others[count] = other;
      similarities[count++] = similarity;
    },
    get best() {
      return best;
    },
    found: () => ({
      images: images.subarray(0, count),
      others: others.subarray(0, count),
      similarities: similarities.subarray(0, count),
    }),
  };
}

function enlarged(numbers: Int32Array, room: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(room);
  larger.set(numbers);
  return larger;
}

function tooMany(threshold: number | null): SspError {
  const alike = threshold === null ? 'may be paired' : 'are as similar as `threshold` asks for';
  return new SspError(
    'too-many-pairs',
    `more than ${most.toLocaleString('en')} neighbours of images ${alike}`,
    { help: 'Give a smaller `k`, or a larger `threshold`.' },
  );
}
