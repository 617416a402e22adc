import { invariant } from '../../base/errors.js';
import { asMatrix } from '../../tensor/as-rank.js';
import { byolLoss } from '../../tensor/losses/byol-loss.js';
import { type NamedTensors, prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { emaShare } from '../../tensor/optim/ema.js';
import { copied, teacherAt } from '../../tensor/optim/teacher.js';
import { tf } from '../../tensor/tf.js';
import { withoutGradient } from '../../tensor/without-gradient.js';
import { describe } from '../implement.js';

/**
 * BYOL; see stdlib/ssl.ssp. The target is state, `target.encoder.…` and `target.projector.…`: weights
 * alone, as its passes use the batch's own statistics.
 */
export const make = describe('std.ssl.byol', ({ tau, schedule, target: first, hidden, dim }) => {
  const head = (input: number): MlpShape => ({
    input,
    layers: [hiddenLayer(hidden, true), { width: dim, bias: false }],
  });
  const target = teacherAt('target');
  return {
    views: 2,
    signs: { loss: { what: 'squared distance of prediction and target, both directions summed' } },
    moreViews: true,
    init({ features, rng, encoder, another }) {
      const projector = initMlp(head(features), rng.split('projector'));
      const online = {
        ...prefixed(encoder.trained, 'encoder'),
        ...prefixed(projector, 'projector'),
      };
      const fresh = (): NamedTensors => {
        const { trained, stats } = another(rng.split('target', 'encoder'));
        tf.dispose(stats);
        const own = initMlp(head(features), rng.split('target', 'projector'));
        return { ...prefixed(trained, 'encoder'), ...prefixed(own, 'projector') };
      };
      return {
        trained: {
          ...prefixed(projector, 'projector'),
          ...prefixed(initMlp(head(dim), rng.split('predictor')), 'predictor'),
        },
        state: target.begin(first === 'fresh' ? fresh() : copied(online)),
      };
    },
    loss({ trained, state, views, encodeEach }) {
      invariant(views.length >= 2, `BYOL compares at least 2 views, not ${views.length}`);
      const project = (weights: NamedTensors, features: tf.Tensor2D): tf.Tensor2D =>
        applyMlp(head(features.shape[1]), under(weights, 'projector'), features);
      const { features, state: statistics } = encodeEach(trained, state, views);
      const predictions = features.map((seen) =>
        applyMlp(head(dim), under(trained, 'predictor'), project(trained, seen)),
      );
      const weights = target.weights(state);
      const both = withoutGradient(() => {
        const { features: seen } = encodeEach(weights, state, views.slice(0, 2));
        return tf.concat(seen.map((of) => project(weights, of)));
      });
      const targets = tf.split(both, 2).map(asMatrix);
      const losses = targets.flatMap((goal, seen) =>
        predictions.filter((_, view) => view !== seen).map((p) => byolLoss(p, goal)),
      );
      return { loss: tf.addN<tf.Scalar>(losses), state: statistics };
    },
    after({ trained, state }, { progress }) {
      const share = emaShare(schedule, tau, progress);
      return { state: target.follow(state, trained, share) };
    },
  };
});
