import { describe } from '../implement.js';
import { atStrength, resampled } from './change.js';

/** `std.invariance.scaling`: the image shrunk about its middle. */
export const make = describe('std.invariance.scaling', ({ shrink }) => ({
  apply(image) {
    const by = 1 - atStrength(shrink, image);
    return resampled(image, (x, y) => [x / by, y / by]);
  },
}));
