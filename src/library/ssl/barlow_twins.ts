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
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('projector')), 'projector'),
      state: {},
    }),
    loss({ trained, state, views, encode }) {
      const [first, second] = views;
      invariant(
        first !== undefined && second !== undefined && views.length === 2,
        `Barlow Twins compares 2 views, not ${views.length}`,
      );
      const a = encode(trained, state, first);
      const b = encode(trained, { ...state, ...a.state }, second);
      const shape = head(a.features.shape[1]);
      const project = (features: tf.Tensor2D): tf.Tensor2D =>
        applyMlp(shape, under(trained, 'projector'), features);
      const terms = crossCorrelation(project(a.features), project(b.features));
      const sum = tf.add<tf.Scalar>(terms.invariance, tf.mul(terms.redundancy, redundancy));
      return {
        loss: tf.mul<tf.Scalar>(sum, scale),
        state: b.state,
        watch: {
          invariance: tf.div(terms.invariance, dim),
          redundancy: tf.div(terms.redundancy, dim * (dim - 1)),
        },
      };
    },
  };
});
