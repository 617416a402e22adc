import { describe } from '../implement.js';
import { atStrength, resampled } from './change.js';

/** `std.invariance.rotation`: the image turned about its middle, to either side. */
export const make = describe('std.invariance.rotation', ({ angle }) => ({
  apply(image) {
    const side = image.rng.uniform() < 0.5 ? -1 : 1;
    const turn = (side * atStrength(angle, image) * Math.PI) / 180;
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return resampled(image, (x, y) => [x * cos + y * sin, y * cos - x * sin]);
  },
}));
