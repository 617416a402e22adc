import { describe } from '../implement.js';
import { atStrength, direction, eachValue } from './change.js';

/** Periods of stripes across an image. */
const PERIODS = { fewest: 3, most: 8 };

/** `std.invariance.pattern`: stripes of two random colours over the object. */
export const make = describe('std.invariance.pattern', ({ opacity }) => ({
  apply(image) {
    const { pixels, size, mask, rng } = image;
    const share = atStrength(opacity, image);
    const { x, y } = direction(image);
    const periods = PERIODS.fewest + (PERIODS.most - PERIODS.fewest) * rng.uniform();
    const phase = rng.uniform();
    const colours = Array.from({ length: 6 }, () => rng.uniform());
    return eachValue(image, (pixel, index) => {
      const along = ((pixel % size) * x + Math.floor(pixel / size) * y) / size;
      const stripe = (along * periods + phase) % 1;
      const first = (stripe < 0 ? stripe + 1 : stripe) < 0.5;
      const colour = colours[(index % 3) + (first ? 0 : 3)] ?? 0;
      const over = share * (mask?.[pixel] ?? 1);
      return (pixels[index] ?? 0) * (1 - over) + colour * over;
    });
  },
}));
