import { attachGradient } from '../attach-gradient.js';
import { attr, native } from '../native.js';
import type { tf } from '../tf.js';

const float32 = { T: attr.type('float32') };

/** max(x, 0), of any shape. One native op forward and one backward, where tfjs has two for the gradient. */
export function relu<T extends tf.Tensor>(x: T): T {
  const y = native('Relu', [x], float32) as T; // elementwise: the shape of x
  return attachGradient(y, {
    inputs: [x],
    save: [y],
    backward: (dy, saved) => [native('ReluGrad', [dy, ...saved], float32)],
  });
}
