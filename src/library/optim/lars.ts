import { asVector } from '../../tensor/as-rank.js';
import { type NamedTensors, pick } from '../../tensor/named-tensors.js';
import { flatten, unflatten } from '../../tensor/optim/flat-tensors.js';
import { trustedSteps } from '../../tensor/optim/lars.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../stage.js';

/**
 * Layer-wise adaptive rates; see stdlib/optim.ssp. Slots: `momentum.adapted.…`, one for each adapted
 * weight, and `momentum.plain`, one long vector of the others.
 */
export const make = describe('std.optim.lars', (args) => {
  const { lr, vector_lr, momentum, eta, decay, exclude, variant, clip } = args;
  /** Names of the weights that are adapted, and of those that move as by SGD without decay. */
  const groupsOf = (trained: NamedTensors): { adapted: string[]; plain: string[] } => {
    const off = variant === 'bolts' && decay === 0;
    const isPlain = (name: string): boolean => off || (exclude && pick(trained, name).rank <= 1);
    const names = Object.keys(trained).sort();
    return {
      adapted: names.filter((name) => !isPlain(name)),
      plain: names.filter((name) => isPlain(name)),
    };
  };
  /** Momentum, then the weight: `simclr` takes the rate into the momentum. */
  const move = (
    weight: tf.Tensor,
    { step, slot, rate }: { step: tf.Tensor; slot: tf.Tensor; rate: tf.Tensor },
  ): { weight: tf.Tensor; slot: tf.Tensor } => {
    const inside = variant === 'simclr';
    const next = tf.add(tf.mul(slot, momentum), inside ? tf.mul(step, rate) : step);
    return { weight: tf.sub(weight, inside ? next : tf.mul(next, rate)), slot: next };
  };
  return {
    init(trained) {
      const { adapted, plain } = groupsOf(trained);
      const size = plain.reduce((sum, name) => sum + pick(trained, name).size, 0);
      return {
        ...Object.fromEntries(
          adapted.map((name) => [`momentum.adapted.${name}`, tf.zeros(pick(trained, name).shape)]),
        ),
        ...(plain.length > 0 && { 'momentum.plain': tf.zeros([size]) }),
      };
    },
    update: ({ trained, gradients, slots, at: { scale } }) =>
      tf.tidy(() => {
        const { adapted, plain } = groupsOf(trained);
        const rate = tf.mul<tf.Scalar>(scale, lr);
        const next: Record<string, tf.Tensor> = {};
        const nextSlots: Record<string, tf.Tensor> = {};
        const weighed = adapted.map((name) => ({
          weight: pick(trained, name),
          gradient: pick(gradients, name),
        }));
        const steps = trustedSteps(weighed, {
          eta,
          decay,
          norm: variant === 'bolts' || variant === 'solo' ? 'apart' : 'sum',
          clipTo: clip ? rate : undefined,
        });
        steps.forEach((step, index) => {
          const name = adapted[index] ?? '';
          const key = `momentum.adapted.${name}`;
          const moved = move(pick(trained, name), { step, slot: pick(slots, key), rate });
          next[name] = moved.weight;
          nextSlots[key] = moved.slot;
        });
        if (plain.length > 0) {
          const moved = move(flatten(trained, plain), {
            step: flatten(gradients, plain),
            slot: pick(slots, 'momentum.plain'),
            rate: vector_lr === null ? rate : tf.mul(scale, vector_lr),
          });
          Object.assign(next, unflatten(asVector(moved.weight), trained, plain));
          nextSlots['momentum.plain'] = moved.slot;
        }
        return { trained: next, slots: nextSlots };
      }),
  };
});
