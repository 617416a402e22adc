import { asRank4 } from '../as-rank.js';
import { conv2d } from '../layers/conv2d.js';
import { kaimingKernel } from '../layers/init.js';
import { initialBatchNorm, namedBatchNorm } from '../layers/named-batch-norm.js';
import { globalMean, maxPoolAfterRelu } from '../layers/pool.js';
import { relu } from '../layers/relu.js';
import type { TrainingPass } from '../layers/training-pass.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import type { Rng } from '../rng.js';
import { tf } from '../tf.js';
import {
  type Block,
  blocksOf,
  type ConvNorm,
  channelsBefore,
  featuresOf,
  type ResNetShape,
  stemOf,
  strideOf,
} from './resnet-layers.js';

interface ResNet {
  readonly features: number;
  init(rng: Rng): { trained: NamedTensors; stats: NamedTensors };
  apply(
    weights: { readonly trained: NamedTensors; readonly stats: NamedTensors },
    x: tf.Tensor4D,
    training?: TrainingPass,
  ): { features: tf.Tensor2D; stats: NamedTensors };
  readonly parts: NetworkParts;
}

/** Trained weights and running statistics of a network, of which a part takes its own. */
interface NetworkWeights {
  readonly trained: NamedTensors;
  readonly stats: NamedTensors;
}

/** A part of a network: maps (n, h, w, c) to features (n, h', w', d), and the new statistics of its layers. */
type NetworkPart = (
  weights: NetworkWeights,
  x: tf.Tensor4D,
  training?: TrainingPass,
) => { features: tf.Tensor4D; stats: NamedTensors };

/** A network in the two parts that detectors take it apart into: all stages but the last (C4), and the last. */
export interface NetworkParts {
  /** Pixels of the image from one cell of the first part's features to the next. */
  readonly stride: number;
  /** Channels of the first part's features. */
  readonly channels: number;
  readonly first: NetworkPart;
  readonly last: NetworkPart;
}

/** How a residual network begins. */
interface ResNetInit {
  /**
   * The last batch norm of each block begins at 0, so that the block begins as its shortcut alone
   * (Goyal et al. 2017, arXiv:1706.02677, section 5.1; torchvision's `zero_init_residual`).
   */
  readonly zeroInitResidual: boolean;
}

/**
 * ResNet (He et al. 2016, arXiv:1512.03385) as torchvision builds it, without its last layer: images
 * (n, h, w, 3) to features (n, d); d is the channels of the last stage.
 *
 * Weights are named as in torchvision (`layer1.0.bn1.weight`); kernels are (h, w, in, out). Kernels
 * begin Kaiming normal (fan out), batch norms at 1 and 0 (pytorch/vision torchvision/models/resnet.py).
 * In training `apply` also returns the new running statistics; else none, for they do not change.
 */
export function resnet(shape: ResNetShape, { zeroInitResidual }: ResNetInit): ResNet {
  const stem = stemOf(shape);
  const blocks = blocksOf(shape);
  const layers = [
    stem,
    ...blocks.flatMap(({ inner, last, downsample = [] }) => [...inner, last].concat(downsample)),
  ];
  const zero = new Set(zeroInitResidual ? blocks.map(({ last }) => last.norm) : []);
  const early = blocks.slice(0, -(shape.blocks.at(-1) ?? 0));
  const late = blocks.slice(early.length);
  const first: NetworkPart = (weights, x, training) => {
    const layers = running(weights, training);
    const entered = layers.run(stem, x, { finish: relu, constantInput: true });
    const y = shape.stem === 'imagenet' ? maxPoolAfterRelu(entered) : entered;
    return { features: layers.through(early, y), stats: layers.fresh };
  };
  const last: NetworkPart = (weights, x, training) => {
    const layers = running(weights, training);
    return { features: layers.through(late, x), stats: layers.fresh };
  };
  return {
    features: featuresOf(shape),
    init: (rng) => initial(layers, zero, rng),
    apply(weights, x, training) {
      const before = first(weights, x, training);
      const { features, stats } = last(weights, before.features, training);
      return { features: globalMean(features), stats: { ...before.stats, ...stats } };
    },
    parts: { stride: strideOf(shape), channels: channelsBefore(shape), first, last },
  };
}

/** Runs layers by name; `fresh` gathers the new running statistics. */
function running({ trained, stats }: NetworkWeights, training: TrainingPass | undefined) {
  const fresh: Record<string, tf.Tensor> = {};
  // A tidy for each layer: what backward does not need is free before the next one begins.
  const run = (
    layer: ConvNorm,
    input: tf.Tensor4D,
    { finish = same, constantInput = false } = {},
  ): tf.Tensor4D => {
    const { y, ...statistics } = tf.tidy(() => {
      const kernel = asRank4(pick(trained, `${layer.conv}.weight`));
      const convolved = conv2d(input, kernel, { stride: layer.stride, constantInput });
      const normal = namedBatchNorm(layer.norm, convolved, { trained, stats }, training);
      return { ...normal.fresh, y: finish(normal.y) };
    });
    Object.assign(fresh, statistics);
    return y;
  };
  const through = (blocks: readonly Block[], x: tf.Tensor4D): tf.Tensor4D => {
    let y = x;
    for (const { inner, last, downsample } of blocks) {
      const shortcut = downsample === undefined ? y : run(downsample, y);
      for (const layer of inner) y = run(layer, y, { finish: relu });
      y = run(last, y, { finish: (z) => relu(asRank4(tf.add(z, shortcut))) });
    }
    return y;
  };
  return { fresh, run, through };
}

function initial(
  layers: readonly ConvNorm[],
  zero: ReadonlySet<string>,
  rng: Rng,
): ReturnType<ResNet['init']> {
  const trained: Record<string, tf.Tensor> = {};
  const stats: Record<string, tf.Tensor> = {};
  for (const { conv, norm, size, input, output } of layers) {
    trained[`${conv}.weight`] = kaimingKernel(rng.split(conv), size, input, output);
    const begun = initialBatchNorm(norm, output, zero.has(norm) ? 0 : 1);
    Object.assign(trained, begun.trained);
    Object.assign(stats, begun.stats);
  }
  return { trained, stats };
}

const same = (x: tf.Tensor4D): tf.Tensor4D => x;
