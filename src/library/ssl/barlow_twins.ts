import { invariant } from '../../base/errors.js';
import { crossCorrelation } from '../../tensor/losses/barlow-twins-loss.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../implement.js';

/** Barlow Twins; see stdlib/ssl.ssp. Each view passes alone, so each has its own batch statistics, as in the official code. */
export const make = describe('std.ssl.barlow_twins', ({ redundancy, scale, hidden, dim }) => {
  const head = (input: number): MlpShape => ({
    input,
    layers: [hiddenLayer(hidden, false), hiddenLayer(hidden, false), { width: dim, bias: false }],
  });
  return {
    views: 2,
    signs: {
      redundancy: {
        what: 'mean square of the correlations of different features',
        alarms: [
          {
            from: 0.9,
            means: 'all features say the same',
            advice: 'raise `redundancy`, or take more pairs in a step',
          },
        ],
      },
      invariance: { what: 'mean of (1 - correlation of a feature in both views)^2' },
    },
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('projector')), 'projector'),
      state: {},
    }),
    loss({ trained, state, views, encodeEach }) {
      const { features, state: statistics } = encodeEach(trained, state, views);
      const [z1, z2] = features.map((seen) =>
        applyMlp(head(seen.shape[1]), under(trained, 'projector'), seen),
      );
      invariant(
        z1 && z2 && views.length === 2,
        `Barlow Twins compares 2 views, not ${views.length}`,
      );
      const terms = crossCorrelation(z1, z2);
      const sum = tf.add<tf.Scalar>(terms.invariance, tf.mul(terms.redundancy, redundancy));
      return {
        loss: tf.mul<tf.Scalar>(sum, scale),
        state: statistics,
        watch: {
          invariance: tf.div(terms.invariance, dim),
          redundancy: tf.div(terms.redundancy, dim * (dim - 1)),
        },
      };
    },
  };
});
