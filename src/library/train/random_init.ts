import { loadTensorFlow } from '../../tensor/load.js';
import { createRng } from '../../tensor/rng.js';
import { checkWeights } from '../artifact/check-network.js';
import { writeEncoder } from '../artifact/encoder.js';
import { implement } from '../implement.js';
import { networkGiven } from '../network-given.js';

/** An encoder as it is initialised: see `std.train.random_init`. */
export const run = implement('std.train.random_init', async (context) => {
  const { backbone, seed } = context.params;
  const network = await networkGiven(context);
  loadTensorFlow({ threads: context.threads });
  // The stream of pretraining, so that the same seed begins at the same weights.
  const weights = backbone.init(createRng(seed, 'encoder'));
  if (network.module !== undefined) checkWeights(weights, network);
  writeEncoder(context.out, {
    weights,
    network,
    features: backbone.features,
    input: { size: null, normalise: { mean: [0, 0, 0], std: [1, 1, 1] } },
    images: 0,
    steps: 0,
    history: [],
  });
  return {};
});
