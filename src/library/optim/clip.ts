import { clipGradients } from '../../tensor/optim/clip-gradients.js';
import { describe } from '../implement.js';

/** Another optimiser on gradients of bounded norm; see stdlib/optim.ssp. */
export const make = describe('std.optim.clip', ({ optimizer, norm, per }) => ({
  init: (trained) => optimizer.init(trained),
  prepare(gradients) {
    const clipped = clipGradients(gradients, norm, per);
    return optimizer.prepare?.(clipped) ?? clipped;
  },
  update: (step) => optimizer.update(step),
}));
