import { SspError } from '../../base/errors.js';
import { asVector } from '../../tensor/as-rank.js';
import { type NamedTensors, pick } from '../../tensor/named-tensors.js';
import { type FlatGroup, flatGroups, groupSize } from '../../tensor/optim/flat-groups.js';
import { flatten, unflatten } from '../../tensor/optim/flat-tensors.js';
import { trustedSteps } from '../../tensor/optim/lars.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../implement.js';

/**
 * Layer-wise adaptive rates; see stdlib/optim.ssp. Slots: a vector of momentum for each group, of adapted
 * weights `momentum.adapted.…`, of excluded vectors `momentum.plain`, of others that move as by SGD
 * `momentum.unadapted`.
 */
export const make = describe('std.optim.lars', (args) => {
  const { lr, vector_lr, momentum, eta, decay, exclude, variant, clip } = args;
  if (vector_lr !== null && !exclude) {
    throw new SspError(
      'no-vectors',
      '`vector_lr` is the rate of vectors that are excluded, and with `exclude: false` none are',
      { help: 'Leave one of the two out of `lars(…)`.' },
    );
  }
  /** Without decay `bolts` adapts nothing. */
  const isOff = variant === 'bolts' && decay === 0;
  const isExcluded = (weight: tf.Tensor): boolean => exclude && weight.rank <= 1;
  /** The weights that are adapted, and those that move as by SGD without decay: vectors, and others. */
  const groupsOf = (
    trained: NamedTensors,
  ): { adapted: FlatGroup[]; vectors: FlatGroup[]; others: FlatGroup[] } => {
    const among = (wanted: boolean): NamedTensors =>
      Object.fromEntries(
        Object.entries(trained).filter(([, weight]) => isExcluded(weight) === wanted),
      );
    const together = (name: string, names: readonly string[]): FlatGroup[] =>
      names.length === 0 ? [] : [{ name, names: names.toSorted() }];
    const named = (group: FlatGroup): FlatGroup => ({ ...group, name: `adapted.${group.name}` });
    return {
      adapted: isOff ? [] : flatGroups(among(false)).map(named),
      vectors: together('plain', Object.keys(among(true))),
      others: isOff ? together('unadapted', Object.keys(among(false))) : [],
    };
  };
  return {
    init(trained) {
      const { adapted, vectors, others } = groupsOf(trained);
      const slots = [...adapted, ...vectors, ...others].map((group) => [
        `momentum.${group.name}`,
        tf.zeros([groupSize(group, trained)]),
      ]);
      return Object.fromEntries(slots);
    },
    update: ({ trained, gradients, slots, at: { scale } }) =>
      tf.tidy(() => {
        const { adapted, vectors, others } = groupsOf(trained);
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
        for (const group of vectors) move(group, flatten(gradients, group.names), vectorRate);
        for (const group of others) move(group, flatten(gradients, group.names), rate);
        return { trained: Object.assign({}, ...next), slots: nextSlots };
      }),
  };
});
