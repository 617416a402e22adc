import { SspError } from '../../base/errors.js';
import { asVector } from '../../tensor/as-rank.js';
import { type NamedTensors, pick } from '../../tensor/named-tensors.js';
import { decayGroups } from '../../tensor/optim/decay-groups.js';
import { groupSize } from '../../tensor/optim/flat-groups.js';
import { flatten, unflatten } from '../../tensor/optim/flat-tensors.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../implement.js';

/** Stochastic gradient descent with momentum; see stdlib/optim.ssp. Slots: `momentum.…`, a vector for each group. */
export const make = describe('std.optim.sgd', ({ lr, momentum, nesterov, decay, exclude }) => {
  if (nesterov && momentum === 0) {
    throw new SspError(
      'no-momentum',
      '`nesterov: true` looks along a momentum, and `momentum` is 0',
      {
        help: 'Give a `momentum` above 0, or leave `nesterov` out.',
      },
    );
  }
  return {
    init(trained) {
      const groups = momentum === 0 ? [] : decayGroups(trained, exclude);
      return Object.fromEntries(
        groups.map((group) => [`momentum.${group.name}`, tf.zeros([groupSize(group, trained)])]),
      );
    },
    update: ({ trained, gradients, slots, at: { scale } }) =>
      tf.tidy(() => {
        const rate = tf.mul(scale, lr);
        const nextSlots: Record<string, tf.Tensor> = {};
        const next: NamedTensors[] = [];
        for (const group of decayGroups(trained, exclude)) {
          const p = flatten(trained, group.names);
          let g: tf.Tensor = flatten(gradients, group.names);
          if (group.decays && decay !== 0) g = tf.add(g, tf.mul(p, decay));
          if (momentum !== 0) {
            const slot = `momentum.${group.name}`;
            const v = tf.add(tf.mul(pick(slots, slot), momentum), g);
            nextSlots[slot] = v;
            g = nesterov ? tf.add(g, tf.mul(v, momentum)) : v;
          }
          next.push(unflatten(asVector(tf.sub(p, tf.mul(g, rate))), trained, group.names));
        }
        return { trained: Object.assign({}, ...next), slots: nextSlots };
      }),
  };
});
