import { invariant } from '../base/errors.js';
import { type Minimum, minimise } from './lbfgs.js';
import { attr, native } from './native.js';
import { numbersOf } from './numbers-of.js';
import { tf } from './tf.js';

/** A linear classifier: logits = features x weight + bias. */
export interface Logistic {
  /** (d, k), row by row. */
  readonly weight: Float64Array;
  /** (k). */
  readonly bias: Float64Array;
}

export interface LogisticOptions {
  /** Number of classes k; labels are 0 to k - 1. */
  readonly classes: number;
  /** Weight of half the squared norm of the weights (not the bias) beside the mean cross-entropy. */
  readonly penalty: number;
  /** Where to start; zeros unless given. */
  readonly start?: Logistic;
  readonly tolerance?: number;
  readonly iterations?: number;
}

/**
 * Fits multinomial logistic regression by full-batch L-BFGS: the minimum of
 * `mean cross-entropy + penalty / 2 * |weight|²`. It is scikit-learn's `LogisticRegression` with
 * `C = 1 / (n * penalty)`.
 *
 * `x` is (n, d), `labels` (n). Matrix products are in float32, sums of losses and the steps in
 * float64, so the gradient's largest entry gets down to about 1e-6.
 */
export function fitLogistic(
  x: tf.Tensor2D,
  labels: Int32Array,
  { classes, penalty, start, tolerance = 1e-5, iterations = 1000 }: LogisticOptions,
): { readonly model: Logistic; readonly minimum: Minimum } {
  const [n, d] = x.shape;
  const k = classes;
  const y = tf.tensor1d(labels, 'int32');
  // Products by rows of x are several times faster than products by its columns.
  const columns = tf.transpose(x);
  const objective = (theta: Float64Array) => {
    const gradient = new Float64Array(theta.length);
    const tensors = tf.tidy(() => {
      const [loss, residual] = crossEntropies(logits(x, split(theta, d, k)), y);
      return [loss, tf.matMul(columns, residual), tf.sum(residual, 0)]; // (n), (d, k), (k)
    });
    const [losses, slope, biasSlope] = tensors.map((tensor) => tensor.dataSync<'float32'>());
    tf.dispose(tensors);
    invariant(losses && slope && biasSlope, 'three tensors were read');
    let norm = 0;
    for (let i = 0; i < d * k; i++) {
      const w = theta[i] ?? 0;
      norm += w * w;
      gradient[i] = (slope[i] ?? 0) / n + penalty * w;
    }
    for (let j = 0; j < k; j++) gradient[d * k + j] = (biasSlope[j] ?? 0) / n;
    return { value: sum(losses) / n + (penalty / 2) * norm, gradient };
  };
  const zero = new Float64Array((d + 1) * k);
  if (start) {
    zero.set(start.weight);
    zero.set(start.bias, d * k);
  }
  const minimum = minimise(objective, zero, { tolerance, iterations });
  tf.dispose([y, columns]);
  return { model: split(minimum.x, d, k), minimum };
}

/** The class with the largest logit of each row of `x` (n, d); the first of equals. */
export function predictLogistic(model: Logistic, x: tf.Tensor2D): Int32Array {
  return Int32Array.from(numbersOf(() => tf.argMax(logits(x, model), 1)));
}

function split(theta: Float64Array, d: number, k: number): Logistic {
  return { weight: theta.slice(0, d * k), bias: theta.slice(d * k) };
}

function logits(x: tf.Tensor2D, { weight, bias }: Logistic): tf.Tensor2D {
  const w = tf.tensor2d(Float32Array.from(weight), [x.shape[1], bias.length]);
  return tf.add(tf.matMul(x, w), tf.tensor1d(Float32Array.from(bias)));
}

/** Cross-entropy of each row (n) and its gradient by the logits (n, k), in one pass. */
function crossEntropies(z: tf.Tensor2D, labels: tf.Tensor1D): readonly [tf.Tensor, tf.Tensor2D] {
  const [loss, residual] = native(
    'SparseSoftmaxCrossEntropyWithLogits',
    [z, labels],
    { T: attr.type('float32'), Tlabels: attr.type('int32') },
    2,
  );
  return [loss, tf.reshape(residual, z.shape)];
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
