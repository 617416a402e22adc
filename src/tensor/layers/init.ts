import type { Rng } from '../rng.js';
import { tf } from '../tf.js';

/**
 * Kernel (k, k, in, out) as torchvision's ResNet initialises it: normal of variance 2 / (k k out)
 * (Kaiming, fan out; He et al. 2015, arXiv:1502.01852, equation 14).
 */
export function kaimingKernel(rng: Rng, k: number, input: number, output: number): tf.Tensor4D {
  return normalWeight(rng, Math.sqrt(2 / (k * k * output)), [k, k, input, output]);
}

/** Normal numbers of that deviation. */
export function normalWeight<R extends tf.Rank>(
  rng: Rng,
  deviation: number,
  shape: tf.ShapeMap[R],
): tf.Tensor<R> {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let i = 0; i < values.length; i++) values[i] = deviation * rng.normal();
  return tf.tensor<R>(values, shape);
}

/**
 * Weight (in, out), and bias (out), as torch.nn.Linear initialises them: uniform between
 * -1 / sqrt(in) and 1 / sqrt(in).
 */
export function linearInit(
  rng: Rng,
  input: number,
  output: number,
): { weight: tf.Tensor2D; bias: tf.Tensor1D } {
  const bound = 1 / Math.sqrt(input);
  const draw = (length: number, label: string): Float32Array => {
    const stream = rng.split(label);
    return Float32Array.from({ length }, () => bound * (2 * stream.uniform() - 1));
  };
  return {
    weight: tf.tensor2d(draw(input * output, 'weight'), [input, output]),
    bias: tf.tensor1d(draw(output, 'bias')),
  };
}
