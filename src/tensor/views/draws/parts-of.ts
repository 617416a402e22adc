import type { Augmentation } from '../augmentation.js';

/** What is done to a view of cells as a whole, and then to each of its cells, an image of its own. */
export function partsOf({ cells = 1, ...augmentation }: Augmentation): {
  readonly whole: Augmentation;
  readonly cell: Augmentation;
} {
  const { jitter, blur, solarise } = augmentation;
  const whole: Augmentation = {
    ...augmentation,
    flip: 0,
    jitter: { ...jitter, probability: 0 },
    grayscale: 0,
    blur: { ...blur, probability: 0 },
    solarise: { ...solarise, probability: 0 },
    normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
  };
  const size = Math.floor(augmentation.size / cells);
  // As large as it is: resizing changes nothing then.
  const cell: Augmentation = { ...augmentation, size, crop: undefined, rotation: 0 };
  return { whole, cell };
}
