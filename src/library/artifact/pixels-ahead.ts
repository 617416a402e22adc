import type { Images } from './images.js';

/** Pixels of the images that each step of a training sees. */
export interface PixelsAhead {
  /** Begins to read those of a step, so that they are there when it comes. */
  fetch(step: number): Promise<void> | undefined;
  /** Those of a step, one image after another: fetched, or read now. */
  of(step: number): Uint8Array;
}

/** Reads pixels ahead of the steps; `seenBy` gives the images of a step. */
export function pixelsAhead(images: Images, seenBy: (step: number) => Int32Array): PixelsAhead {
  const ready = new Map<number, Uint8Array>();
  return {
    fetch(step) {
      const found = images.fetch(seenBy(step));
      if (!(found instanceof Promise)) {
        ready.set(step, found);
        return undefined;
      }
      return found.then((pixels) => void ready.set(step, pixels));
    },
    of(step) {
      const found = ready.get(step) ?? images.pixels(seenBy(step));
      ready.delete(step);
      return found;
    },
  };
}
