import { asMatrix, asRank3 } from '../as-rank.js';
import { type NamedTensors, pick, under } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { Augmentation, Normalise } from './augmentation.js';
import { blur } from './blur.js';
import { imagesOfCells, planesOfCells } from './cells.js';
import type { ViewDraws } from './draws/draw-views.js';
import { partsOf } from './draws/parts-of.js';
import { inTurn } from './in-turn.js';
import { jitter } from './jitter.js';
import { imagesToPlanes, planesToImages } from './planes.js';
import { resize } from './resize.js';
import type { StretchTensors } from './resize-weights.js';
import { rotate } from './rotate.js';
import { viewTensors } from './view-tensors.js';

/** Makes a view of each image as drawn; see {@link applyViews}. */
export function applyDraws(
  augmentation: Augmentation,
  planes: tf.Tensor4D,
  draws: ViewDraws,
): tf.Tensor4D {
  const [, , height, width] = planes.shape;
  return tf.tidy(() =>
    applyViews(augmentation, planes, viewTensors(augmentation, draws, { height, width })),
  );
}

/**
 * Makes a view of each image by what `viewTensors` gives: planes (n, 3, h, w), 0 to 1, become images
 * (n, size, size, 3), normalised. Operations that cannot happen cost nothing. Computes with tensors
 * alone, so a compiled step can do it.
 */
export function applyViews(
  augmentation: Augmentation,
  planes: tf.Tensor4D,
  drawn: NamedTensors,
): tf.Tensor4D {
  const { cells, size, jitter: strengths, solarise } = augmentation;
  if (cells !== undefined) {
    const { whole, cell } = partsOf(augmentation);
    return tf.tidy(() => {
      const parts = planesOfCells(applyViews(whole, planes, drawn), cells);
      return imagesOfCells(applyViews(cell, parts, under(drawn, 'cells')), cells, size);
    });
  }
  const [count] = planes.shape;
  const square: [number, number, number, number] = [count, 3, size, size];
  const steps: ((colours: tf.Tensor3D) => tf.Tensor3D)[] = [];
  if (strengths.probability > 0) {
    const jittered = under(drawn, 'jitter');
    steps.push((x) => jitter(x, jittered, strengths));
  }
  if (augmentation.grayscale > 0) {
    const grays = asRank3(pick(drawn, 'grays'));
    steps.push((x) => tf.matMul<tf.Tensor3D>(grays, x));
  }
  if (augmentation.blur.probability > 0) {
    const kernels = asMatrix(pick(drawn, 'kernels'));
    steps.push((x) => blur(x.reshape(square), kernels).reshape(x.shape));
  }
  if (solarise.probability > 0) {
    const chosen = pick(drawn, 'solarised');
    steps.push((x) => invertBright(x, chosen, solarise.threshold));
  }
  return tf.tidy(() => {
    const placed = place(augmentation, planes, drawn);
    const colours = inTurn(placed.reshape<tf.Tensor3D>([count, 3, size * size]), steps);
    const normal = normalisePlanes(colours.reshape(square), augmentation.normalise);
    return planesToImages(normal);
  });
}

/** Crop, flip and rotation: planes (n, 3, size, size). */
function place(augmentation: Augmentation, planes: tf.Tensor4D, drawn: NamedTensors): tf.Tensor4D {
  return tf.tidy(() => {
    const { filter } = augmentation;
    const resized = resize(planes, stretches(drawn, 'rows'), stretches(drawn, 'columns'), filter);
    const seen = filter === 'bicubic' ? tf.clipByValue(resized, 0, 1) : resized;
    if (augmentation.rotation === 0) return seen;
    return imagesToPlanes(rotate(planesToImages(seen), asMatrix(pick(drawn, 'rotations'))));
  });
}

function stretches(drawn: NamedTensors, axis: string): StretchTensors {
  const part = (name: string): tf.Tensor => pick(drawn, `${axis}.${name}`);
  return { centres: part('centres'), slopes: part('slopes'), inside: part('inside') };
}

/** Inverts what is at least `threshold` in the chosen images: `chosen` (n, 1, 1), bool. */
function invertBright(colours: tf.Tensor3D, chosen: tf.Tensor, threshold: number): tf.Tensor3D {
  const bright = tf.logicalAnd(tf.greaterEqual(colours, threshold), chosen);
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
