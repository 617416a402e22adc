import { attr, native } from '../native.js';
import { tf } from '../tf.js';
import { inTurn } from './in-turn.js';

/**
 * Turns the hue of colours (n, 3, p), at least 0, by a share of the circle for each image
 * (n, 1, 1), -1 to 1: through HSV, whose value and saturation stay.
 *
 * Source: torchvision's `adjust_hue` (RGB to HSV, h + shift modulo 1, back), with the hexagon's
 * six cases written as one: a channel rises and falls with its distance from its own hue.
 */
export function shiftHue(colours: tf.Tensor3D, shift: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => {
    const high = tf.max(colours, 1, true);
    const low = tf.min(colours, 1, true);
    const range = tf.sub<tf.Tensor3D>(high, low);
    const hue = hueOf(colours, high, range);
    const turned = tf.add(hue, tf.mul(shift, 6));
    const sixths = tf.sub<tf.Tensor3D>(turned, tf.mul(tf.floor(tf.div(turned, 6)), 6));
    // Red is |h - 3| - 1, green 2 - |h - 2|, blue 2 - |h - 4|, each from 0 to 1; here six times
    // that, as `relu6` is the fastest clamp.
    return inTurn(sixths, [
      (h) => tf.sub(h, tf.tensor3d([3, 2, 4], [1, 3, 1])),
      (h) => tf.abs(h),
      (h) => tf.mul(h, tf.tensor3d([6, -6, -6], [1, 3, 1])),
      (h) => tf.add(h, tf.tensor3d([-6, 12, 12], [1, 3, 1])),
      (h) => tf.relu6(h),
      (share) => tf.mul(share, tf.div(range, 6)),
      (share) => tf.add(share, low),
    ]);
  });
}

/** Hue (n, 1, p) in sixths of the circle, from -1 to 5; of gray, any. */
function hueOf(colours: tf.Tensor3D, high: tf.Tensor, range: tf.Tensor): tf.Tensor3D {
  return tf.tidy(() => {
    // Seen from the channel that is highest: 0, 2 or 4, and the difference of the other two. Where
    // two are highest both say the same, modulo 6.
    const seen = inTurn(colours, [
      (x) => tf.matMul(cyclicDifferences(), x),
      (x) => tf.div(x, tf.maximum(range, 1e-12)),
      (x) => tf.add(x, tf.tensor3d([0, 2, 4], [1, 3, 1])),
    ]);
    const lower = tf.less(colours, high);
    const kept = native('SelectV2', [lower, tf.scalar(-6), seen], { T: attr.type('float32') });
    return tf.max<tf.Tensor3D>(kept, 1, true);
  });
}

/** Green minus blue, blue minus red, red minus green. */
function cyclicDifferences(): tf.Tensor3D {
  return tf.tensor3d([0, 1, -1, -1, 0, 1, 1, -1, 0], [1, 3, 3]);
}
