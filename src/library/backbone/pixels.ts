import { asMatrix } from '../../tensor/as-rank.js';
import { tf } from '../../tensor/tf.js';
import { resizeWhole } from '../../tensor/views/resize-whole.js';
import { describe } from '../implement.js';

const channels = 3;

/** The pixels as features, (n, size x size x 3); see stdlib/backbone.ssp. */
export const make = describe('std.backbone.pixels', ({ size }) => ({
  features: size * size * channels,
  init: () => ({ trained: {}, stats: {} }),
  apply(_weights, x) {
    const resized = resizeWhole(x, size);
    return { features: asMatrix(tf.reshape(resized, [x.shape[0], -1])), stats: {} };
  },
}));
