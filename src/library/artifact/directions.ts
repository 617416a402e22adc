import { verbOf } from '../../base/counted.js';
import type { StageContext } from '../stage.js';

/** Directions that differ by less differ by rounding: float32 has seven digits. */
const rounding = 1e-6;

/**
 * Remarks what the cosine does not see of features (n, d) that differ: images whose features are all 0, which have no
 * direction, and images that differ in length alone.
 */
export function remarkDirections(
  features: Float32Array,
  d: number,
  split: string,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const n = features.length / d;
  if (n < 2) return;
  const { without, spread } = directionsOf(features, d);
  if (without > 0) {
    remark(
      `the features of ${without} of the ${n} images of split \`${split}\` are all 0, so ${verbOf(without, 'it has', 'they have')} no direction: ${verbOf(without, 'its', 'their')} cosine similarity to every image counts as 0`,
    );
  } else if (spread <= rounding) {
    remark(
      `the features of all ${n} images of split \`${split}\` differ in length alone, which the cosine does not see: which are nearest is by their order`,
    );
  }
}

/** How many features (n, d) are 0, and how far the directions of the others lie around their mean. */
function directionsOf(features: Float32Array, d: number) {
  const mean = new Float64Array(d);
  let without = 0;
  for (let row = 0; row < features.length; row += d) {
    let square = 0;
    for (let j = 0; j < d; j++) square += (features[row + j] ?? 0) ** 2;
    if (square === 0) without += 1;
    const length = square === 0 ? 1 : Math.sqrt(square);
    for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (features[row + j] ?? 0) / length;
  }
  const n = features.length / d;
  const square = mean.reduce((sum, value) => sum + (value / n) ** 2, 0);
  return { without, spread: Math.sqrt(Math.max(0, 1 - square)) };
}
