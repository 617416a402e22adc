import { asRank4 } from '../tensor/as-rank.js';
import { tf } from '../tensor/tf.js';

/**
 * The crops of a multi-crop that are one batch: those of one size that stand beside each other.
 *
 * Source: facebookresearch/dino@7c446df utils.py, MultiCropWrapper; facebookresearch/swav@06b1b7c src/resnet50.py.
 */
export function ofOneSize(crops: readonly tf.Tensor4D[]): readonly (readonly tf.Tensor4D[])[] {
  const groups: tf.Tensor4D[][] = [];
  for (const crop of crops) {
    const last = groups.at(-1);
    if (last?.[0]?.shape.join() === crop.shape.join()) last.push(crop);
    else groups.push([crop]);
  }
  return groups;
}

/** Batches of images of one size as one. */
export function joined(batches: readonly tf.Tensor4D[]): tf.Tensor4D {
  const [only] = batches;
  return batches.length === 1 && only ? only : asRank4(tf.concat([...batches]));
}
