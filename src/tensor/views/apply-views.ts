import { tf } from '../tf.js';
import type { Augmentation, Normalise } from './augmentation.js';
import { blur, blurRadius } from './blur.js';
import type { ViewDraws } from './draw-views.js';
import { inTurn } from './in-turn.js';
import { grayscale, jitter } from './jitter.js';
import { imagesToPlanes, planesToImages } from './planes.js';
import { resize } from './resize.js';
import { rotate } from './rotate.js';

/**
 * Makes a view of each image as drawn: planes (n, 3, h, w), 0 to 1, become images
 * (n, size, size, 3), normalised. Operations that cannot happen cost nothing.
 */
export function applyViews(
  augmentation: Augmentation,
  planes: tf.Tensor4D,
  draws: ViewDraws,
): tf.Tensor4D {
  const { size, jitter: strengths, solarise } = augmentation;
  const count = draws.crops.length;
  const square: [number, number, number, number] = [count, 3, size, size];
  const steps: ((colours: tf.Tensor3D) => tf.Tensor3D)[] = [];
  if (strengths.probability > 0) steps.push((x) => jitter(x, draws, strengths));
  if (augmentation.grayscale > 0) steps.push((x) => grayscale(x, draws.grays));
  if (augmentation.blur.probability > 0) {
    const radius = blurRadius(augmentation.blur.sigma.high, size);
    steps.push((x) => blur(x.reshape(square), draws.sigmas, radius).reshape(x.shape));
  }
  if (solarise.probability > 0) {
    steps.push((x) => invertBright(x, draws.solarised, solarise.threshold));
  }
  return tf.tidy(() => {
    const placed = place(augmentation, planes, draws);
    const colours = inTurn(placed.reshape<tf.Tensor3D>([count, 3, size * size]), steps);
    const normal = normalisePlanes(colours.reshape(square), augmentation.normalise);
    return planesToImages(normal);
  });
}

/** Crop, flip and rotation: planes (n, 3, size, size). */
function place(augmentation: Augmentation, planes: tf.Tensor4D, draws: ViewDraws): tf.Tensor4D {
  return tf.tidy(() => {
    const rows = draws.crops.map(({ top, height }) => ({
      start: top,
      length: height,
      mirrored: false,
    }));
    const columns = draws.crops.map(({ left, width }, i) => ({
      start: left,
      length: width,
      mirrored: draws.flips[i] === 1,
    }));
    const seen = resize(planes, rows, columns, augmentation.size);
    if (augmentation.rotation === 0) return seen;
    return imagesToPlanes(rotate(planesToImages(seen), draws.angles));
  });
}

/** Inverts what is at least `threshold` in the chosen images (1 in `chosen`). */
function invertBright(colours: tf.Tensor3D, chosen: Uint8Array, threshold: number): tf.Tensor3D {
  const flags = tf.tensor3d(chosen, [chosen.length, 1, 1], 'bool');
  const bright = tf.logicalAnd(tf.greaterEqual(colours, threshold), flags);
  return tf.where(bright, tf.sub(1, colours), colours);
}

/** Planes (n, 3, h, w) minus the mean, divided by the standard deviation of each channel. */
export function normalisePlanes(planes: tf.Tensor4D, { mean, std }: Normalise): tf.Tensor4D {
  if (mean.every((value) => value === 0) && std.every((value) => value === 1)) return planes;
  return tf.tidy(() => {
    const shape: [number, number, number, number] = [1, 3, 1, 1];
    const scale = tf.tensor4d(
      std.map((value) => 1 / value),
      shape,
    );
    const offset = tf.tensor4d(
      mean.map((value, channel) => -value / (std[channel] ?? 1)),
      shape,
    );
    return tf.add(tf.mul(planes, scale), offset);
  });
}
