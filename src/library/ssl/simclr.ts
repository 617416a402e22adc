import { invariant } from '../../base/errors.js';
import { asRank4 } from '../../tensor/as-rank.js';
import { ntXent } from '../../tensor/losses/nt-xent.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, hiddenLayer, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { tf } from '../../tensor/tf.js';
import { ofChance } from '../contrast-signs.js';
import { describe } from '../implement.js';
import type { Signs } from '../stage.js';

/** SimCLR; see stdlib/ssl.ssp. Both views pass through the encoder as one batch, as in the official code. */
export const make = describe('std.ssl.simclr', ({ temperature, hidden, dim, ...given }) => {
  const { [given.head]: layers } = heads(hidden, dim);
  const head = (input: number): MlpShape => ({ input, layers });
  return {
    views: 2,
    oneSize: true,
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

/** The layers of the projector that the paper, the official code and two libraries have. */
const heads = (hidden: number, dim: number) => ({
  paper: [hiddenLayer(hidden, false), { width: dim, bias: false }],
  official: [
    hiddenLayer(hidden, false),
    hiddenLayer(hidden, false),
    { width: dim, bias: false, norm: 'scale' as const },
  ],
  solo: [
    { width: hidden, bias: true, activation: 'relu' as const },
    { width: dim, bias: true },
  ],
  lightly: [hiddenLayer(hidden, false), { width: dim, bias: false, norm: 'affine' as const }],
});

const signs: Signs = { of_chance: ofChance('ln(2n - 1)', 'the other views of n pairs') };
