import { clipGradients } from '../../tensor/clip-gradients.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../stage.js';

/** Another optimiser on gradients of bounded norm; see stdlib/optim.ssp. */
export const make = describe('std.optim.clip', ({ optimizer, norm, per }) => ({
  init: (trained) => optimizer.init(trained),
  update: (step) =>
    tf.tidy(() =>
      optimizer.update({ ...step, gradients: clipGradients(step.gradients, norm, per) }),
    ),
}));
