import { asRank3 } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { Augmentation } from './augmentation.js';
import { jitterOps, type ViewDraws } from './draw-views.js';
import { inTurn } from './in-turn.js';
import { shiftHue } from './shift-hue.js';

/** Weights of red, green and blue in gray, as torchvision has them (they sum to 0.9999). */
const grayWeights = [0.2989, 0.587, 0.114] as const;

const hue = jitterOps.indexOf('hue');
const range = 6;

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
  const unit = (x: tf.Tensor3D) => tf.mul<tf.Tensor3D>(x, 1 / range);
  if (strengths.hue === 0) return inTurn(colours, [...mixes, unit]);
  const shifts = asRank3(pick(drawn, 'shifts'));
  const turn = (x: tf.Tensor3D) => shiftHue(x, shifts);
  return inTurn(colours, [...mixes.slice(0, 3), turn, ...mixes.slice(3), unit]);
}

/** What {@link jitter} computes with: matrices (n, 3, 3) and offsets (n, 1, 1) of each step, shifts of hue (n, 1, 1). */
export function jitterTensors(
  { factors, orders }: Pick<ViewDraws, 'factors' | 'orders'>,
  strengths: Augmentation['jitter'],
): NamedTensors {
  const count = orders.length / 4;
  const drawn: Record<string, tf.Tensor> = {};
  planSteps(factors, orders, strengths.hue > 0).forEach(({ matrices, offsets }, step) => {
    drawn[`matrices${step}`] = tf.tensor3d(matrices, [count, 3, 3]);
    if (strengths.contrast > 0) drawn[`offsets${step}`] = tf.tensor3d(offsets, [count, 1, 1]);
  });
  if (strengths.hue > 0) {
    drawn.shifts = tf.tensor3d(
      factors.filter((_, at) => at % 4 === hue),
      [count, 1, 1],
    );
  }
  return drawn;
}

/** What one step does to each image. */
interface Step {
  /** (n, 3, 3): new channels from old ones. */
  readonly matrices: Float32Array;
  /** (n): how much of the image's mean gray is added. */
  readonly offsets: Float32Array;
}

function planSteps(factors: Float32Array, orders: Uint8Array, withHue: boolean): readonly Step[] {
  const count = orders.length / 4;
  const steps = Array.from({ length: withHue ? 6 : 3 }, () => ({
    matrices: new Float32Array(count * 9),
    offsets: new Float32Array(count),
  }));
  steps.forEach(({ matrices }, k) => {
    for (let i = 0; i < count; i++) setMatrix(matrices, i, scaleOf(k), 0);
  });
  for (let i = 0; i < count; i++) {
    let next = 0;
    for (const op of orders.subarray(i * 4, i * 4 + 4)) {
      if (op === hue) {
        if (withHue) next = 3;
        continue;
      }
      const scale = scaleOf(next);
      const step = steps[next++];
      const factor = factors[i * 4 + op] ?? 1;
      if (step === undefined || factor === 1) continue;
      const rest = scale * (1 - factor);
      setMatrix(step.matrices, i, scale * factor, jitterOps[op] === 'saturation' ? rest : 0);
      if (jitterOps[op] === 'contrast') step.offsets[i] = rest;
    }
  }
  return steps;
}

/** The first step takes colours from 0 to 1. */
function scaleOf(step: number): number {
  return step === 0 ? range : 1;
}

/** x becomes `factor` x + `gray` gray(x). */
function setMatrix(matrices: Float32Array, image: number, factor: number, gray: number): void {
  for (let to = 0; to < 3; to++) {
    for (let from = 0; from < 3; from++) {
      const share = gray * (grayWeights[from] ?? 0);
      matrices[image * 9 + to * 3 + from] = to === from ? share + factor : share;
    }
  }
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

/** Matrices (n, 3, 3) that make colours gray in all three channels, in the chosen images (1 in `grays`) only. */
export function grayMatrices(grays: Uint8Array): tf.Tensor3D {
  const matrices = new Float32Array(grays.length * 9);
  grays.forEach((gray, i) => {
    setMatrix(matrices, i, gray === 1 ? 0 : 1, gray);
  });
  return tf.tensor3d(matrices, [grays.length, 3, 3]);
}
