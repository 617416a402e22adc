import { describe } from '../implement.js';
import type { Augmentation } from '../stage.js';

/** `std.views.simclr_views`: two views, both by SimCLR's pipeline. */
export const make = describe('std.views.simclr_views', (args) => {
  const { size, scale, ratio, flip, rotation, jitter, strength, grayscale, blur, sigma } = args;
  // SimCLR's kernel is a tenth of the image: its sigmas are pixels of its 224.
  const pixels = size / 224;
  const view: Augmentation = {
    size,
    crop: { scale, ratio },
    flip,
    rotation,
    jitter: {
      probability: jitter,
      brightness: 0.8 * strength,
      contrast: 0.8 * strength,
      saturation: 0.8 * strength,
      hue: 0.2 * strength,
    },
    grayscale,
    blur: { probability: blur, sigma: { low: sigma.low * pixels, high: sigma.high * pixels } },
    solarise: { probability: 0, threshold: 0.5 },
    normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
  };
  return { views: [view, view] };
});
