import { invariant } from '../../base/errors.js';
import { vicregLoss } from '../../tensor/losses/vicreg-loss.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { describe } from '../implement.js';

/** VICReg; see stdlib/ssl.ssp. Each view passes alone, so each has its own batch statistics, as in the official code. */
export const make = describe('std.ssl.vicreg', ({ hidden, dim, ...weights }) => {
  const head = (input: number): MlpShape => ({
    input,
    layers: [hiddenLayer(hidden, true), hiddenLayer(hidden, true), { width: dim, bias: false }],
  });
  return {
    views: 2,
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('expander')), 'expander'),
      state: {},
    }),
    loss({ trained, state, views, encodeEach }) {
      const { features, state: statistics } = encodeEach(trained, state, views);
      const expander = under(trained, 'expander');
      const [x, y] = features.map((seen) => applyMlp(head(seen.shape[1]), expander, seen));
      invariant(x && y && views.length === 2, `VICReg compares 2 views, not ${views.length}`);
      return { loss: vicregLoss(x, y, weights), state: statistics };
    },
  };
});
