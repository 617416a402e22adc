import { describe } from '../implement.js';
import { atStrength, direction, eachValue, fromMiddle } from './change.js';

/** `std.invariance.illumination`: light from one side. */
export const make = describe('std.invariance.illumination', ({ shade }) => ({
  apply(image) {
    const { pixels, size } = image;
    const lost = atStrength(shade, image);
    const light = direction(image);
    // From the corner that is farthest from the light to the one that is nearest.
    const reach = Math.abs(light.x) + Math.abs(light.y);
    return eachValue(image, (pixel, index) => {
      const { x, y } = fromMiddle(pixel, size);
      const away = (1 - (x * light.x + y * light.y) / reach) / 2;
      return (pixels[index] ?? 0) * (1 - lost * away);
    });
  },
}));
