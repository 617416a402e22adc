import { asVector } from '../as-rank.js';
import type { NamedTensors } from '../named-tensors.js';
import { tf } from '../tf.js';
import { flatGroups } from './flat-groups.js';
import { flatten, unflatten } from './flat-tensors.js';

/**
 * How a teacher's momentum goes through a training: `constant` stays at its base, `cosine` rises from
 * it to 1.
 */
export type EmaSchedule = 'constant' | 'cosine';

/**
 * The share 1 - tau that new weights have in a moving average when the given share `progress` of the
 * training was done before the step:
 *
 *   constant: 1 - base,   cosine: (1 - base) (cos(pi progress) + 1) / 2
 *
 * Computed as a squared cosine, which is exact where tau is close to 1. Source of the cosine:
 * google-deepmind/deepmind-research@4822a45 byol/utils/schedules.py, target_ema; by the step the
 * same as facebookresearch/dino@7c446df cosine_scheduler and facebookresearch/moco-v3@c349e6e
 * adjust_moco_momentum.
 */
export function emaShare(schedule: EmaSchedule, base: number, progress: tf.Scalar): tf.Scalar {
  if (schedule === 'constant') return tf.scalar(1 - base);
  return tf.tidy(() => tf.mul(tf.square(tf.cos(tf.mul(progress, Math.PI / 2))), 1 - base));
}

/** Moving averages that take the given share of the tensors of the same names: a + share (x - a). */
export function emaUpdate(
  averages: NamedTensors,
  latest: NamedTensors,
  share: tf.Scalar,
): NamedTensors {
  return tf.tidy(() => {
    const moved = flatGroups(averages).map(({ names }) => {
      const average = flatten(averages, names);
      const away = tf.sub(flatten(latest, names), average);
      const next = asVector(tf.add(average, tf.mul(away, share)));
      return unflatten(next, averages, names);
    });
    return Object.assign({}, ...moved);
  });
}
