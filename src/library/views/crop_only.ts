import { describe } from '../implement.js';
import type { Augmentation } from '../stage.js';

/** `std.views.crop_only`: two random crops and nothing else. */
export const make = describe('std.views.crop_only', ({ size, scale, ratio }) => {
  const view: Augmentation = {
    size,
    crop: { scale, ratio },
    flip: 0,
    rotation: 0,
    jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
    grayscale: 0,
    blur: { probability: 0, sigma: { low: 0, high: 0 } },
    solarise: { probability: 0, threshold: 0.5 },
    normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
  };
  return { views: [view, view] };
});
