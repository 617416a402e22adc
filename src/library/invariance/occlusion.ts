import { describe } from '../implement.js';
import { atStrength, eachValue } from './change.js';

/** `std.invariance.occlusion`: a grey square over a share of the image. */
export const make = describe('std.invariance.occlusion', ({ share }) => ({
  apply(image) {
    const { size, rng, pixels } = image;
    const side = Math.min(size, Math.round(size * Math.sqrt(atStrength(share, image))));
    // The middle is drawn, so that a stronger one lies over a weaker one where the border lets it.
    const start = (): number => {
      const middle = rng.uniform() * size;
      return Math.min(size - side, Math.max(0, Math.round(middle - side / 2)));
    };
    const [left, top] = [start(), start()];
    const inside = (at: number, from: number): boolean => at >= from && at < from + side;
    return eachValue(image, (pixel, index) =>
      inside(pixel % size, left) && inside(Math.floor(pixel / size), top)
        ? 0.5
        : (pixels[index] ?? 0),
    );
  },
}));
