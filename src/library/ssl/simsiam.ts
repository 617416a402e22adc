import { invariant } from '../../base/errors.js';
import { l2Normalise } from '../../tensor/losses/l2-normalise.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import {
  applyMlp,
  hiddenLayer,
  initMlp,
  type MlpLayer,
  type MlpShape,
} from '../../tensor/networks/mlp.js';
import { tf } from '../../tensor/tf.js';
import { withoutGradient } from '../../tensor/without-gradient.js';
import { describe } from '../implement.js';

/** SimSiam; see stdlib/ssl.ssp. Each view passes alone, so each has its own batch statistics, as in the official code. */
export const make = describe('std.ssl.simsiam', ({ layers, dim, ...given }) => {
  const projector = (input: number): MlpShape => {
    const hidden = Array.from({ length: layers - 1 }, () => hiddenLayer(input, false));
    const last: MlpLayer = { width: dim, bias: false, norm: 'plain' };
    return { input, layers: [...hidden, last] };
  };
  const predictor: MlpShape = {
    input: dim,
    layers: [hiddenLayer(given.predictor, false), { width: dim, bias: true }],
  };
  return {
    views: 2,
    signs: { loss: { what: 'minus the mean cosine of prediction and target' } },
    ...(given.constant_predictor && { paces: { predictor: () => tf.scalar(1) } }),
    init: ({ features, rng }) => ({
      trained: {
        ...prefixed(initMlp(projector(features), rng.split('projector')), 'projector'),
        ...prefixed(initMlp(predictor, rng.split('predictor')), 'predictor'),
      },
      state: {},
    }),
    loss({ trained, state, views, encodeEach }) {
      const { features, state: statistics } = encodeEach(trained, state, views);
      const predict = (z: tf.Tensor2D): tf.Tensor2D =>
        applyMlp(predictor, under(trained, 'predictor'), z);
      const [z1, z2] = features.map((seen) =>
        applyMlp(projector(seen.shape[1]), under(trained, 'projector'), seen),
      );
      invariant(z1 && z2 && views.length === 2, `SimSiam compares 2 views, not ${views.length}`);
      const cosines = tf.add(meanCosine(predict(z1), z2), meanCosine(predict(z2), z1));
      return { loss: tf.mul<tf.Scalar>(cosines, -0.5), state: statistics };
    },
  };
});

/** The mean over the batch of cos(p, z), each (n, d); no gradient flows into z. */
function meanCosine(p: tf.Tensor2D, z: tf.Tensor2D): tf.Scalar {
  const target = withoutGradient(() => l2Normalise(z));
  return tf.mean<tf.Scalar>(tf.sum(tf.mul(l2Normalise(p), target), 1));
}
