import type { NpyArray } from '../../base/files/npy.js';
import { tf } from '../../tensor/tf.js';
import type { Augmentation } from '../stage.js';

/** Rows that are shown of a batch. */
const most = 8;

/**
 * The first rows of views, each (n, h, w, 3) as the encoder sees it, back to pixels: uint8
 * (k, v, h, w, 3). Views of another size than the first are left out.
 */
export function samplesOf(
  views: readonly tf.Tensor4D[],
  normalise: Augmentation['normalise'],
): NpyArray {
  const pixels = tf.tidy(() => {
    const [n = 0, height, width] = views[0]?.shape ?? [];
    const k = Math.min(most, n);
    const alike = views.filter(({ shape }) => shape[1] === height && shape[2] === width);
    const rows = alike.map((view) => tf.slice(view, 0, k));
    const std = tf.tensor1d([...normalise.std]);
    const mean = tf.tensor1d([...normalise.mean]);
    const x = tf.add(tf.mul(tf.stack(rows, 1), std), mean); // (k, v, h, w, 3)
    return tf.round(tf.clipByValue(tf.mul(x, 255), 0, 255));
  });
  const samples = { shape: pixels.shape, data: Uint8Array.from(pixels.dataSync()) };
  pixels.dispose();
  return samples;
}
