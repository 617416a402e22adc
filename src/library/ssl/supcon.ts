import { invariant } from '../../base/errors.js';
import { asRank4, asVector } from '../../tensor/as-rank.js';
import { supConLoss } from '../../tensor/losses/sup-con-loss.js';
import { prefixed, under } from '../../tensor/named-tensors.js';
import { applyMlp, initMlp, type MlpShape } from '../../tensor/networks/mlp.js';
import { tf } from '../../tensor/tf.js';
import { ofChance } from '../contrast-signs.js';
import { describe } from '../implement.js';

/** Supervised contrastive learning; see stdlib/ssl.ssp. Both views pass through the encoder as one batch, as in the official code. */
export const make = describe('std.ssl.supcon', ({
  label,
  temperature,
  base_temperature,
  hidden,
  dim,
}) => {
  const head = (input: number): MlpShape => ({
    input,
    layers: [
      { width: hidden ?? input, bias: true, activation: 'relu' },
      { width: dim, bias: true },
    ],
  });
  return {
    views: 2,
    oneSize: true,
    signs: {
      positive: { what: 'mean cosine of views of one label' },
      negative: { what: 'mean cosine of views of different labels' },
      positives: { what: 'other views of its label that a view has in a batch' },
      of_chance: ofChance('ln(2n - 1)', 'the other views of n pairs'),
    },
    label,
    init: ({ features, rng }) => ({
      trained: prefixed(initMlp(head(features), rng.split('projector')), 'projector'),
      state: {},
    }),
    loss({ trained, state, views, labels, encode }) {
      invariant(views.length === 2, `SupCon compares 2 views, not ${views.length}`);
      const both = asRank4(tf.concat([...views], 0));
      const { features, state: encoder } = encode(trained, state, both);
      const z = applyMlp(head(features.shape[1]), under(trained, 'projector'), features);
      const { loss, watch } = supConLoss(z, asVector(tf.concat([...labels])), temperature);
      const factor = temperature / base_temperature;
      return {
        loss: tf.mul<tf.Scalar>(loss, factor),
        state: encoder,
        watch: { ...watch, of_chance: tf.div(loss, Math.log(z.shape[0] - 1)) },
      };
    },
  };
});
