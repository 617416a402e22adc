import { invariant } from '../../base/errors.js';
import { vicregTerms, weighted } from '../../tensor/losses/vicreg-loss.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { describe } from '../implement.js';
import type { Signs } from '../stage.js';

/** VICReg; see stdlib/ssl.ssp. Each view passes alone, so each has its own batch statistics, as in the official code. */
export const make = describe('std.ssl.vicreg', ({ hidden, dim, ...weights }) => {
  const head = (input: number): MlpShape => ({
    input,
    layers: [hiddenLayer(hidden, true), hiddenLayer(hidden, true), { width: dim, bias: false }],
  });
  return {
    views: 2,
    signs,
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('expander')), 'expander'),
      state: {},
    }),
    loss({ trained, state, views, encodeEach }) {
      const { features, state: statistics } = encodeEach(trained, state, views);
      const expander = under(trained, 'expander');
      const [x, y] = features.map((seen) => applyMlp(head(seen.shape[1]), expander, seen));
      invariant(x && y && views.length === 2, `VICReg compares 2 views, not ${views.length}`);
      const terms = vicregTerms(x, y);
      return { loss: weighted(terms, weights), state: statistics, watch: { ...terms } };
    },
  };
});

/** The terms of the loss, before their weights. */
const signs: Signs = {
  variance: {
    what: "mean of what the standard deviations of the embedding's features lack to 1: 0 when none lacks any",
    beside: true,
    alarms: [
      {
        from: 0.95,
        means: 'all images have one embedding',
        advice:
          'so nothing is learnt: raise the weight `variance`, or lower the learning rate and warm up longer',
      },
    ],
  },
  covariance: {
    what: 'squared covariances of different features of both embeddings, by the number of features',
    beside: true,
  },
  invariance: { what: 'mean squared distance of the embeddings of both views', beside: true },
};
