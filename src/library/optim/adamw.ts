import { asVector } from '../../tensor/as-rank.js';
import { type NamedTensors, pick } from '../../tensor/named-tensors.js';
import { decayGroups } from '../../tensor/optim/decay-groups.js';
import { groupSize } from '../../tensor/optim/flat-groups.js';
import { flatten, unflatten } from '../../tensor/optim/flat-tensors.js';
import { tf } from '../../tensor/tf.js';
import { describe } from '../implement.js';

/** Adam with decoupled weight decay; see stdlib/optim.ssp. Slots: `mean.…` and `square.…`, a vector for each group. */
export const make = describe('std.optim.adamw', ({
  lr,
  beta1,
  beta2,
  epsilon,
  decay,
  final_decay,
  exclude,
}) => ({
  init: (trained) =>
    Object.fromEntries(
      decayGroups(trained, exclude).flatMap((group) => [
        [`mean.${group.name}`, tf.zeros([groupSize(group, trained)])],
        [`square.${group.name}`, tf.zeros([groupSize(group, trained)])],
      ]),
    ),
  update: ({ trained, gradients, slots, at: { scale, step, progress } }) =>
    tf.tidy(() => {
      const rate = tf.mul(scale, lr);
      const count = tf.add<tf.Scalar>(step, 1);
      const correction1 = oneMinusPower(beta1, count);
      const correction2 = tf.sqrt(oneMinusPower(beta2, count));
      const shift = tf.div(rate, correction1);
      const falls = decayAt(progress, decay, final_decay);
      const kept = falls === 0 ? undefined : tf.sub(1, tf.mul(rate, falls));
      const nextSlots: Record<string, tf.Tensor> = {};
      const next: NamedTensors[] = [];
      for (const group of decayGroups(trained, exclude)) {
        const p = flatten(trained, group.names);
        const g = flatten(gradients, group.names);
        const mean = pick(slots, `mean.${group.name}`);
        const m = tf.add(mean, tf.mul(tf.sub(g, mean), 1 - beta1));
        const square = tf.mul(pick(slots, `square.${group.name}`), beta2);
        const v = tf.add(square, tf.mul(tf.square(g), 1 - beta2));
        const root = tf.add(tf.div(tf.sqrt(v), correction2), epsilon);
        const decayed = group.decays && kept !== undefined ? tf.mul(p, kept) : p;
        const moved = tf.sub(decayed, tf.mul(tf.div(m, root), shift));
        next.push(unflatten(asVector(moved), trained, group.names));
        nextSlots[`mean.${group.name}`] = m;
        nextSlots[`square.${group.name}`] = v;
      }
      return { trained: Object.assign({}, ...next), slots: nextSlots };
    }),
}));

/** The decay at a step: as it is given, or on half a cosine from `first` to `last`. */
function decayAt(progress: tf.Scalar, first: number, last: number | null): tf.Scalar | number {
  if (last === null) return first;
  const left = tf.square(tf.cos(tf.mul(progress, Math.PI / 2)));
  return tf.add<tf.Scalar>(tf.mul(left, first - last), last);
}

/** 1 - base^exponent: in float32 the power itself is too close to 1 for bases such as 0.999. */
function oneMinusPower(base: number, exponent: tf.Scalar): tf.Tensor {
  return tf.neg(tf.expm1(tf.mul(exponent, Math.log(base))));
}
