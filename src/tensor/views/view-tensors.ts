import { type NamedTensors, prefixed } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { Augmentation } from './augmentation.js';
import { blurKernels, blurRadius } from './blur.js';
import { partsOf } from './cells.js';
import type { ViewDraws } from './draw-views.js';
import { grayMatrices, jitterTensors } from './jitter.js';
import { stretchTensors } from './resize-weights.js';
import { rotationTensor } from './rotate.js';

/**
 * What was drawn for views of images of a size, as the tensors that `applyViews` computes with: of
 * the same names and shapes for each batch, so that one compiled step serves all. The caller owns them.
 */
export function viewTensors(
  augmentation: Augmentation,
  draws: ViewDraws,
  image: { readonly height: number; readonly width: number },
): NamedTensors {
  if (draws.cells !== undefined) {
    const { whole, cell } = partsOf(augmentation);
    const ofCells = viewTensors(cell, draws.cells, { height: cell.size, width: cell.size });
    const { cells: _, ...ofWhole } = draws;
    return { ...viewTensors(whole, ofWhole, image), ...prefixed(ofCells, 'cells') };
  }
  const { size, rotation, jitter, grayscale, blur, solarise } = augmentation;
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
  const tensors: Record<string, tf.Tensor> = {
    ...prefixed(stretchTensors(rows, image.height, size), 'rows'),
    ...prefixed(stretchTensors(columns, image.width, size), 'columns'),
  };
  if (rotation !== 0) tensors.rotations = rotationTensor(draws.angles, size, size);
  if (jitter.probability > 0) {
    Object.assign(tensors, prefixed(jitterTensors(draws, jitter), 'jitter'));
  }
  if (grayscale > 0) tensors.grays = grayMatrices(draws.grays);
  if (blur.probability > 0) {
    tensors.kernels = blurKernels(draws.sigmas, blurRadius(blur.sigma.high, size));
  }
  if (solarise.probability > 0) {
    const { solarised } = draws;
    tensors.solarised = tf.tensor3d(solarised, [solarised.length, 1, 1], 'bool');
  }
  return tensors;
}
