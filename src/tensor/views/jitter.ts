import { asRank3 } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { Augmentation } from './augmentation.js';
import { grayWeights, jitterRange } from './draws/jitter-arrays.js';
import { inTurn } from './in-turn.js';
import { shiftHue } from './shift-hue.js';

/**
 * Colour jitter of colours (n, 3, p), 0 to 1, each image with its own factors in its own order,
 * clamped after each operation as torchvision's ColorJitter does.
 *
 * Brightness, contrast and saturation are one product of a 3 x 3 matrix and an offset, so a step
 * can do a different one for each image. Hue is costly: it is done once, with three steps before
 * and three after it; an image whose hue comes second uses one of the first and two of the last.
 * In between colours go from 0 to 6, because `relu6` is the fastest clamp.
 */
export function jitter(
  colours: tf.Tensor3D,
  drawn: NamedTensors,
  strengths: Augmentation['jitter'],
): tf.Tensor3D {
  const mixes = Array.from({ length: strengths.hue > 0 ? 6 : 3 }, (_, step) => {
    const matrices = asRank3(pick(drawn, `matrices${step}`));
    const offsets = strengths.contrast > 0 ? pick(drawn, `offsets${step}`) : undefined;
    return (x: tf.Tensor3D) => mix(x, matrices, offsets);
  });
  const unit = (x: tf.Tensor3D) => tf.mul<tf.Tensor3D>(x, 1 / jitterRange);
  if (strengths.hue === 0) return inTurn(colours, [...mixes, unit]);
  const shifts = asRank3(pick(drawn, 'shifts'));
  const turn = (x: tf.Tensor3D) => shiftHue(x, shifts);
  return inTurn(colours, [...mixes.slice(0, 3), turn, ...mixes.slice(3), unit]);
}

function mix(
  colours: tf.Tensor3D,
  matrices: tf.Tensor3D,
  offsets: tf.Tensor | undefined,
): tf.Tensor3D {
  const mixed = tf.matMul<tf.Tensor3D>(matrices, colours);
  if (offsets === undefined) return tf.relu6(mixed);
  const gray = tf.tensor3d([...grayWeights], [1, 3, 1]);
  const mean = tf.sum(tf.mul(tf.mean(colours, 2, true), gray), 1, true);
  return tf.relu6(tf.add<tf.Tensor3D>(mixed, tf.mul(mean, offsets)));
}
