import { loadTensorFlow } from '../../tensor/load.js';
import { createRng } from '../../tensor/rng.js';
import { writeEncoder } from '../artifact/encoder.js';
import { implement } from '../implement.js';

/** An encoder as it is initialised: see `std.train.random_init`. */
export const run = implement('std.train.random_init', async (context) => {
  const { backbone, seed } = context.params;
  loadTensorFlow({ threads: context.threads });
  writeEncoder(context.out, {
    // The stream of pretraining, so that the same seed begins at the same weights.
    weights: backbone.init(createRng(seed, 'encoder')),
    backbone: context.resolved.backbone,
    features: backbone.features,
    input: { size: null, normalise: { mean: [0, 0, 0], std: [1, 1, 1] } },
    images: 0,
    steps: 0,
    history: [],
  });
  return {};
});
