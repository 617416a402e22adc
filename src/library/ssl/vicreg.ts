import { invariant } from '../../base/errors.js';
import { vicregLoss } from '../../tensor/losses/vicreg-loss.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { describe } from '../stage.js';

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
    loss({ trained, state, views, encode }) {
      const [first, second] = views;
      invariant(
        first !== undefined && second !== undefined && views.length === 2,
        `VICReg compares 2 views, not ${views.length}`,
      );
      const a = encode(trained, state, first);
      const b = encode(trained, { ...state, ...a.state }, second);
      const shape = head(a.features.shape[1]);
      const expander = under(trained, 'expander');
      const x = applyMlp(shape, expander, a.features);
      const y = applyMlp(shape, expander, b.features);
      return { loss: vicregLoss(x, y, weights), state: b.state };
    },
  };
});
