import type { Box, Boxes } from '../artifact/boxes.js';
import type { ClassResults } from './measure/results.js';

/** A box that was found in an image, in pixels of its file. */
export interface FoundBox {
  /** Its place in the list of classes. */
  readonly class: number;
  readonly score: number;
  readonly box: Box;
}

/** The objects and what was found of each class, in the images that were asked for. */
export function resultsOf(
  { classes, images }: Boxes,
  asked: Int32Array,
  found: readonly (readonly FoundBox[])[],
): readonly ClassResults[] {
  const indices = Array.from(asked);
  return classes.map((_, number) => ({
    truths: indices.flatMap((index, image) =>
      (images[index]?.objects ?? []).flatMap(({ class: own, box, difficult }) =>
        own === number ? [{ image, box, difficult }] : [],
      ),
    ),
    detections: found.flatMap((boxes, image) =>
      boxes.flatMap(({ class: own, box, score }) =>
        own === number ? [{ image, box, score }] : [],
      ),
    ),
  }));
}
