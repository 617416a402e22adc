import { attachGradient } from '../attach-gradient.js';
import { map, mul } from '../float-ops.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

const float = { T: attr.type('float32') };

/**
 * |x|, rounded off by a parabola where it is below `beta`; with 0, |x| itself. Elementwise, of any shape.
 * Girshick 2015, arXiv:1504.08083, as torch's `smooth_l1_loss`.
 */
export function smoothL1<T extends tf.Tensor>(x: T, beta: number): T {
  const value = tf.tidy(() => {
    const size = native('Abs', [x], float);
    if (beta === 0) return size;
    // The part of |x| below beta, squared, and what is above.
    const below = native('Minimum', [size, tf.scalar(beta)], float);
    const above = native('Sub', [size, below], float);
    return native('AddV2', [mul(map('Square', below), 0.5 / beta), above], float);
  }) as T; // elementwise: the shape of x
  return attachGradient(value, {
    inputs: [x],
    save: [x],
    backward: (dy, [at = x]) =>
      tf.tidy(() => {
        if (beta === 0) return [mul(dy, native('Sign', [at], float))];
        const slope = native('Maximum', [mul(at, 1 / beta), tf.scalar(-1)], float);
        return [mul(dy, native('Minimum', [slope, tf.scalar(1)], float))];
      }),
  });
}
