import { invariant } from '../../base/errors.js';
import { asRank4 } from '../../tensor/as-rank.js';
import { ntXent } from '../../tensor/losses/nt-xent.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import {
  applyMlp,
  hiddenLayer,
  initMlp,
  type MlpLayer,
  type MlpShape,
} from '../../tensor/networks/mlp.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../implement.js';
import type { Signs } from '../stage.js';

/** SimCLR; see stdlib/ssl.ssp. Both views pass through the encoder as one batch, as in the official code. */
export const make = describe('std.ssl.simclr', ({ temperature, hidden, dim, ...given }) => {
  const layers: readonly MlpLayer[] =
    given.head === 'official'
      ? [
          hiddenLayer(hidden, false),
          hiddenLayer(hidden, false),
          { width: dim, bias: false, norm: 'scale' },
        ]
      : [hiddenLayer(hidden, false), { width: dim, bias: false }];
  const head = (input: number): MlpShape => ({ input, layers });
  return {
    views: 2,
    signs,
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('projector')), 'projector'),
      state: {},
    }),
    loss({ trained, state, views, encode }) {
      invariant(views.length === 2, `SimCLR compares 2 views, not ${views.length}`);
      const { features, state: encoder } = encode(
        trained,
        state,
        asRank4(tf.concat([...views], 0)),
      );
      const shape = head(features.shape[1]);
      const z = applyMlp(shape, under(trained, 'projector'), features);
      const mean = ntXent(z, temperature);
      return {
        loss: given.sum ? tf.mul(mean, 2) : mean,
        state: encoder,
        watch: { of_chance: tf.div(mean, Math.log(z.shape[0] - 1)) },
      };
    },
  };
});

const signs: Signs = {
  of_chance: {
    what: 'the mean loss as a share of ln(2n - 1), that of a guess among the other views of n pairs',
    lines: { guess: 1 },
    beside: true,
    alarms: [
      {
        from: 0.999,
        to: 1.001,
        epochs: 3,
        means: 'the loss stays at that of a guess, ln(2n - 1)',
        advice:
          'so nothing is learnt: raise the learning rate, or look for views that have nothing in common',
      },
    ],
  },
};
