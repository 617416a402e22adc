import type { Images } from './images.js';

/** Pixels of the images that each step of a training sees. */
export interface PixelsAhead {
  /** Begins to read those of a step, so that they are there when it comes. */
  fetch(step: number): Promise<void> | undefined;
  /** Those of a step, one image after another: fetched, or read now. They hold until the next are fetched. */
  of(step: number): Uint8Array;
}

/**
 * Reads pixels ahead of the steps; `seenBy` gives the images of a step. What a step has used is filled
 * again: memory that is made anew each step is collected every some steps, which takes milliseconds.
 */
export function pixelsAhead(
  images: Pick<Images, 'size' | 'fetch' | 'pixels'>,
  seenBy: (step: number) => Int32Array,
): PixelsAhead {
  const ready = new Map<number, Uint8Array>();
  const free: Uint8Array[] = [];
  /** In use until the next are fetched. */
  const taken: Uint8Array[] = [];
  const room = (length: number): Uint8Array => {
    const found = free.pop();
    return found?.length === length ? found : new Uint8Array(length);
  };
  return {
    fetch(step) {
      free.push(...taken.splice(0));
      const seen = seenBy(step);
      const found = images.fetch(seen, room(seen.length * 3 * images.size ** 2));
      if (!(found instanceof Promise)) {
        ready.set(step, found);
        return undefined;
      }
      return found.then((pixels) => void ready.set(step, pixels));
    },
    of(step) {
      const found = ready.get(step);
      if (found === undefined) return images.pixels(seenBy(step));
      ready.delete(step);
      taken.push(found);
      return found;
    },
  };
}
