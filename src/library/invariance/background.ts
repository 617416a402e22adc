import type { Rng } from '../../tensor/rng.js';
import { describe } from '../implement.js';
import { atStrength, eachValue } from './change.js';
import { plasma } from './corruptions/plasma.js';

/** `std.invariance.background`: what lies behind an object that stands on white. */
export const make = describe('std.invariance.background', ({ opacity }) => ({
  needsMask: true,
  apply(image) {
    const { pixels, size, mask, rng } = image;
    const share = atStrength(opacity, image);
    const behind = image.background ?? scene(size, rng);
    return eachValue(image, (pixel, index) => {
      // What shows through of the white behind it is put in the place of that.
      const open = 1 - (mask?.[pixel] ?? 1);
      const changed = (pixels[index] ?? 0) + open * share * ((behind[index] ?? 1) - 1);
      return Math.min(1, Math.max(0, changed));
    });
  },
}));

/** A scene of clouds of colour: as in photographs, near pixels are alike and far ones are not. */
function scene(size: number, rng: Rng): Float64Array {
  const channels = [0, 1, 2].map((channel) => plasma(size, 2, rng.split('scene', channel)));
  return Float64Array.from(
    { length: size * size * 3 },
    (_, index) => channels[index % 3]?.[Math.floor(index / 3)] ?? 0,
  );
}
