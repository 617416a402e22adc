import { asVector } from '../../tensor/as-rank.js';
import { type NamedTensors, pick } from '../../tensor/named-tensors.js';
import { type FlatGroup, flatGroups, groupSize } from '../../tensor/optim/flat-groups.js';
import { flatten, unflatten } from '../../tensor/optim/flat-tensors.js';
import { trustedSteps } from '../../tensor/optim/lars.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../implement.js';

/**
 * Layer-wise adaptive rates; see stdlib/optim.ssp. Slots: a vector of momentum for each group, of adapted
 * weights `momentum.adapted.…`, of the others `momentum.plain`.
 */
export const make = describe('std.optim.lars', (args) => {
  const { lr, vector_lr, momentum, eta, decay, exclude, variant, clip } = args;
  /** The weights that are adapted, and those that move as by SGD without decay. */
  const groupsOf = (trained: NamedTensors): { adapted: FlatGroup[]; plain: FlatGroup[] } => {
    const off = variant === 'bolts' && decay === 0;
    const isPlain = (name: string): boolean => off || (exclude && pick(trained, name).rank <= 1);
    const among = (wanted: boolean): NamedTensors =>
      Object.fromEntries(Object.entries(trained).filter(([name]) => isPlain(name) === wanted));
    const named = (group: FlatGroup): FlatGroup => ({ ...group, name: `adapted.${group.name}` });
    const plain = Object.keys(among(true)).sort();
    return {
      adapted: flatGroups(among(false)).map(named),
      plain: plain.length === 0 ? [] : [{ name: 'plain', names: plain }],
    };
  };
  return {
    init(trained) {
      const { adapted, plain } = groupsOf(trained);
      const slots = [...adapted, ...plain].map((group) => [
        `momentum.${group.name}`,
        tf.zeros([groupSize(group, trained)]),
      ]);
      return Object.fromEntries(slots);
    },
    update: ({ trained, gradients, slots, at: { scale } }) =>
      tf.tidy(() => {
        const { adapted, plain } = groupsOf(trained);
        const rate = tf.mul<tf.Scalar>(scale, lr);
        const vectorRate = vector_lr === null ? rate : tf.mul(scale, vector_lr);
        const nextSlots: Record<string, tf.Tensor> = {};
        const next: NamedTensors[] = [];
        /** Momentum, then the weights: `simclr` takes the rate into the momentum. */
        const move = ({ name, names }: FlatGroup, step: tf.Tensor, by: tf.Tensor): void => {
          const inside = variant === 'simclr';
          const slot = tf.mul(pick(slots, `momentum.${name}`), momentum);
          const moved = tf.add(slot, inside ? tf.mul(step, by) : step);
          const weights = tf.sub(flatten(trained, names), inside ? moved : tf.mul(moved, by));
          next.push(unflatten(asVector(weights), trained, names));
          nextSlots[`momentum.${name}`] = moved;
        };
        const steps = trustedSteps(trained, gradients, adapted, {
          eta,
          decay,
          norm: variant === 'bolts' || variant === 'solo' ? 'apart' : 'sum',
          clipTo: clip ? rate : undefined,
        });
        adapted.forEach((group, index) => {
          const step = steps[index];
          if (step) move(group, step, rate);
        });
        for (const group of plain) move(group, flatten(gradients, group.names), vectorRate);
        return { trained: Object.assign({}, ...next), slots: nextSlots };
      }),
  };
});
