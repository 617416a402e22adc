import type { Augmentation } from '../augmentation.js';
import { blurKernels, blurRadius } from './blur-kernels.js';
import type { ViewDraws } from './draw-views.js';
import { arraysUnder, type HostArray, type HostArrays } from './host-array.js';
import { grayMatrices, jitterArrays } from './jitter-arrays.js';
import { partsOf } from './parts-of.js';
import { rotationArray } from './rotations.js';
import { stretchArrays } from './stretches.js';

/**
 * What was drawn for views of images of a size, as the numbers that `applyViews` computes with: of
 * the same names and shapes for each batch, so that one compiled step serves all.
 */
export function viewArrays(
  augmentation: Augmentation,
  draws: ViewDraws,
  image: { readonly height: number; readonly width: number },
): HostArrays {
  if (draws.cells !== undefined) {
    const { whole, cell } = partsOf(augmentation);
    const ofCells = viewArrays(cell, draws.cells, { height: cell.size, width: cell.size });
    const { cells: _, ...ofWhole } = draws;
    return { ...viewArrays(whole, ofWhole, image), ...arraysUnder('cells', ofCells) };
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
  const arrays: Record<string, HostArray> = {
    ...arraysUnder('rows', stretchArrays(rows, image.height, size)),
    ...arraysUnder('columns', stretchArrays(columns, image.width, size)),
  };
  if (rotation !== 0) arrays.rotations = rotationArray(draws.angles, size, size);
  if (jitter.probability > 0) {
    Object.assign(arrays, arraysUnder('jitter', jitterArrays(draws, jitter)));
  }
  if (grayscale > 0) arrays.grays = grayMatrices(draws.grays);
  if (blur.probability > 0) {
    arrays.kernels = blurKernels(draws.sigmas, blurRadius(blur.sigma.high, size));
  }
  if (solarise.probability > 0) {
    const { solarised } = draws;
    arrays.solarised = { values: solarised, shape: [solarised.length, 1, 1], dtype: 'bool' };
  }
  return arrays;
}
