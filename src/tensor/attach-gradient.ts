import { invariant } from '../base/errors.js';
import { tf } from './tf.js';

/** How to differentiate a value that a native op computed. */
export interface Gradient<T extends tf.Tensor> {
  /** What the value depends on. */
  readonly inputs: readonly tf.Tensor[];
  /** What `backward` needs; kept until then. */
  readonly save: readonly tf.Tensor[];
  /** Gradients of the inputs, in their order; new tensors, never `dy` itself. */
  backward(dy: T, saved: readonly tf.Tensor[]): tf.Tensor[];
}

/**
 * Gives a native op's result a gradient; returns that result. `value` must come from `native`, which
 * leaves no trace on the tape.
 *
 * What was saved and `dy` are freed as soon as `backward` is done: tfjs itself would keep every
 * activation and every gradient of a network until the last layer is differentiated (measured on
 * ResNet-18: see test/bench). So the gradient can be taken once, and not of second order.
 */
export function attachGradient<T extends tf.Tensor>(value: T, gradient: Gradient<T>): T {
  const op = tf.customGrad<T>((...args) => {
    const save = args.at(-1);
    invariant(typeof save === 'function', 'tfjs passes the saving function last');
    save([...gradient.save]);
    return {
      value,
      gradFunc(dy, saved) {
        const gradients = gradient.backward(dy, saved);
        tf.dispose([dy, ...saved]);
        return gradients;
      },
    };
  });
  return op(...gradient.inputs);
}
