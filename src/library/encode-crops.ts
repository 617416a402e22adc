import { asMatrix, asRank4 } from '../tensor/as-rank.js';
import { tf } from '../tensor/tf.js';
import type { MethodStep, Tensors } from './stage.js';

/**
 * Runs the encoder on the crops of a multi-crop: those of one size that stand beside each other pass as one
 * batch, with common batch statistics. Features (crops n, d) in the order of the crops, n rows each.
 *
 * Source: facebookresearch/dino@7c446df utils.py, MultiCropWrapper; facebookresearch/swav@06b1b7c src/resnet50.py.
 */
export function encodeCrops(
  encode: MethodStep['encode'],
  trained: Tensors,
  state: Tensors,
  crops: readonly tf.Tensor4D[],
  pass?: 'still',
): { features: tf.Tensor2D; state: Tensors } {
  const features: tf.Tensor2D[] = [];
  let changed: Tensors = {};
  for (const [first, ...rest] of ofOneSize(crops)) {
    const x = rest.length === 0 ? first : asRank4(tf.concat([first, ...rest]));
    const given = encode(trained, { ...state, ...changed }, x, pass);
    changed = given.state;
    features.push(given.features);
  }
  const [only] = features;
  const all = features.length === 1 && only ? only : asMatrix(tf.concat(features));
  return { features: all, state: changed };
}

/** Crops of one size that stand beside each other. */
function ofOneSize(
  crops: readonly tf.Tensor4D[],
): readonly (readonly [tf.Tensor4D, ...tf.Tensor4D[]])[] {
  const groups: [tf.Tensor4D, ...tf.Tensor4D[]][] = [];
  for (const crop of crops) {
    const last = groups.at(-1);
    if (last !== undefined && last[0].shape.join() === crop.shape.join()) last.push(crop);
    else groups.push([crop]);
  }
  return groups;
}
