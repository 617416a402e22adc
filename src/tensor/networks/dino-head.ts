import { asMatrix } from '../as-rank.js';
import { linearInit, normalWeight } from '../layers/init.js';
import { l2Normalise } from '../losses/l2-normalise.js';
import { type NamedTensors, pick, prefixed, under } from '../named-tensors.js';
import type { Rng } from '../rng.js';
import { tf } from '../tf.js';
import { applyMlp, initMlp, type MlpLayer, type MlpShape } from './mlp.js';

/** DINO's head; see {@link initDinoHead}. */
export interface DinoHeadShape {
  /** Linear layers before the last one. */
  readonly layers: number;
  readonly hidden: number;
  /** Length of the bottleneck. */
  readonly dim: number;
  /** Length of the result. */
  readonly prototypes: number;
  /** Batch norm after the hidden layers. */
  readonly norm: boolean;
  /** The last layer's columns keep length 1; else each has a length that is trained. */
  readonly unit: boolean;
}

function mlpOf({ layers, hidden, dim, norm }: DinoHeadShape, input: number): MlpShape {
  const inner: MlpLayer = {
    width: hidden,
    bias: true,
    activation: 'gelu',
    ...(norm && { norm: 'affine' }),
  };
  const before = Array.from({ length: layers - 1 }, () => inner);
  return { input, layers: [...before, { width: dim, bias: true }] };
}

/**
 * First weights of the head: `mlp.…`, normal of deviation 0.02 with biases of 0, and the last layer's directions
 * `last_layer.weight_v` (dim, prototypes), as torch.nn.Linear draws them, with lengths
 * `last_layer.weight_g` (1, prototypes) of 1 where these are trained.
 *
 * Source: facebookresearch/dino@7c446df vision_transformer.py, DINOHead. Its truncated normal is cut at 2, which is
 * 100 deviations: never.
 */
export function initDinoHead(shape: DinoHeadShape, input: number, rng: Rng): NamedTensors {
  const drawn = initMlp(mlpOf(shape, input), rng.split('mlp'));
  const mlp = Object.entries(drawn).map(([name, tensor]) => {
    if (tensor.rank === 1 && !name.endsWith('.bias')) return [name, tensor] as const;
    tensor.dispose();
    if (tensor.rank === 1) return [name, tf.zeros(tensor.shape)] as const;
    return [name, normalWeight(rng.split(name), 0.02, [...tensor.shape])] as const;
  });
  const { weight, bias } = linearInit(rng.split('last_layer'), shape.dim, shape.prototypes);
  bias.dispose();
  return {
    ...prefixed(Object.fromEntries(mlp), 'mlp'),
    'last_layer.weight_v': weight,
    ...(!shape.unit && { 'last_layer.weight_g': tf.ones([1, shape.prototypes]) }),
  };
}

/** Applies the head to features (n, d): bottleneck of length 1, then its products with the prototypes (n, prototypes). */
export function applyDinoHead(
  shape: DinoHeadShape,
  weights: NamedTensors,
  features: tf.Tensor2D,
): tf.Tensor2D {
  const [, input] = features.shape;
  const z = l2Normalise(applyMlp(mlpOf(shape, input), under(weights, 'mlp'), features));
  const directions = pick(weights, 'last_layer.weight_v');
  const unit = tf.mul(directions, tf.rsqrt(tf.sum(tf.square(directions), 0, true)));
  const last = shape.unit ? unit : tf.mul(unit, pick(weights, 'last_layer.weight_g'));
  return asMatrix(tf.matMul(z, asMatrix(last)));
}
