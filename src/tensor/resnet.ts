import { asRank4, asVector } from './as-rank.js';
import { batchNorm, batchNormFrozen } from './batch-norm.js';
import { conv2d } from './conv2d.js';
import { kaimingKernel } from './init.js';
import { type NamedTensors, pick } from './named-tensors.js';
import { globalMean, maxPoolAfterRelu } from './pool.js';
import { relu } from './relu.js';
import type { Rng } from './rng.js';
import { tf } from './tf.js';
import type { TrainingPass } from './training-pass.js';

/** How images enter: 7x7 stride 2 and max pooling, 3x3 stride 1, or 3x3 stride 2. */
export type Stem = 'imagenet' | 'small' | 'small-half';

/** A residual network of basic blocks. */
export interface ResNetShape {
  /** Blocks in each stage: 2, 2, 2, 2 for ResNet-18. */
  readonly blocks: readonly number[];
  /** Channels of the first stage; each further stage has twice as many. */
  readonly width: number;
  readonly stem: Stem;
}

/** A convolution and the batch norm after it, by their names in torchvision. */
interface ConvNorm {
  readonly conv: string;
  readonly norm: string;
  readonly size: 1 | 3 | 7;
  readonly input: number;
  readonly output: number;
  readonly stride: 1 | 2;
}

interface Block {
  readonly first: ConvNorm;
  readonly second: ConvNorm;
  /** On the shortcut, where shapes differ. */
  readonly downsample: ConvNorm | undefined;
}

interface ResNet {
  readonly features: number;
  init(rng: Rng): { trained: NamedTensors; stats: NamedTensors };
  apply(
    weights: { readonly trained: NamedTensors; readonly stats: NamedTensors },
    x: tf.Tensor4D,
    training?: TrainingPass,
  ): { features: tf.Tensor2D; stats: NamedTensors };
}

const channels = 3;

/**
 * ResNet of basic blocks (He et al. 2016, arXiv:1512.03385) as torchvision builds it, without its last
 * layer: images (n, h, w, 3) to features (n, width times 2 for each stage after the first).
 *
 * Weights are named as in torchvision (`layer1.0.bn1.weight`); kernels are (h, w, in, out). Kernels
 * begin Kaiming normal (fan out), batch norms at 1 and 0 (pytorch/vision torchvision/models/resnet.py).
 * In training `apply` also returns the new running statistics; else none, for they do not change.
 */
export function resnet(shape: ResNetShape): ResNet {
  const stem = stemOf(shape);
  const blocks = blocksOf(shape);
  const layers = [
    stem,
    ...blocks.flatMap(({ first, second, downsample }) =>
      downsample === undefined ? [first, second] : [first, second, downsample],
    ),
  ];
  return {
    features: shape.width * 2 ** (shape.blocks.length - 1),
    init: (rng) => initial(layers, rng),
    apply({ trained, stats }, x, training) {
      const fresh: Record<string, tf.Tensor> = {};
      // A tidy for each layer: what backward does not need is free before the next one begins.
      const run = (layer: ConvNorm, input: tf.Tensor4D, finish = same): tf.Tensor4D => {
        const { y, ...statistics } = tf.tidy(() => {
          const kernel = asRank4(pick(trained, `${layer.conv}.weight`));
          const options = { stride: layer.stride, constantInput: layer === stem };
          const normal = normalise(
            layer.norm,
            conv2d(input, kernel, options),
            trained,
            stats,
            training !== undefined,
          );
          return { ...normal.fresh, y: finish(normal.y) };
        });
        Object.assign(fresh, statistics);
        return y;
      };
      let y = run(stem, x, relu);
      if (shape.stem === 'imagenet') y = maxPoolAfterRelu(y);
      for (const { first, second, downsample } of blocks) {
        const shortcut = downsample === undefined ? y : run(downsample, y);
        y = run(second, run(first, y, relu), (z) => relu(asRank4(tf.add(z, shortcut))));
      }
      return { features: globalMean(y), stats: fresh };
    },
  };
}

function stemOf({ width, stem }: ResNetShape): ConvNorm {
  return {
    conv: 'conv1',
    norm: 'bn1',
    size: stem === 'imagenet' ? 7 : 3,
    input: channels,
    output: width,
    stride: stem === 'small' ? 1 : 2,
  };
}

function blocksOf({ blocks, width }: ResNetShape): Block[] {
  let input = width;
  return blocks.flatMap((count, stage) =>
    Array.from({ length: count }, (_, index): Block => {
      const name = `layer${stage + 1}.${index}`;
      const output = width * 2 ** stage;
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const block: Block = {
        first: { conv: `${name}.conv1`, norm: `${name}.bn1`, size: 3, input, output, stride },
        second: {
          conv: `${name}.conv2`,
          norm: `${name}.bn2`,
          size: 3,
          input: output,
          output,
          stride: 1,
        },
        downsample:
          stride === 1 && input === output
            ? undefined
            : {
                conv: `${name}.downsample.0`,
                norm: `${name}.downsample.1`,
                size: 1,
                input,
                output,
                stride,
              },
      };
      input = output;
      return block;
    }),
  );
}

function initial(layers: readonly ConvNorm[], rng: Rng): ReturnType<ResNet['init']> {
  const trained: Record<string, tf.Tensor> = {};
  const stats: Record<string, tf.Tensor> = {};
  for (const { conv, norm, size, input, output } of layers) {
    trained[`${conv}.weight`] = kaimingKernel(rng.split(conv), size, input, output);
    trained[`${norm}.weight`] = tf.ones([output]);
    trained[`${norm}.bias`] = tf.zeros([output]);
    stats[`${norm}.running_mean`] = tf.zeros([output]);
    stats[`${norm}.running_var`] = tf.ones([output]);
  }
  return { trained, stats };
}

const same = (x: tf.Tensor4D): tf.Tensor4D => x;

/** Batch norm by name; in training by the batch's statistics, with the new running ones by their names. */
function normalise(
  name: string,
  x: tf.Tensor4D,
  trained: NamedTensors,
  stats: NamedTensors,
  training: boolean,
): { y: tf.Tensor4D; fresh: NamedTensors } {
  const affine = {
    weight: asVector(pick(trained, `${name}.weight`)),
    bias: asVector(pick(trained, `${name}.bias`)),
  };
  const statistics = {
    mean: asVector(pick(stats, `${name}.running_mean`)),
    variance: asVector(pick(stats, `${name}.running_var`)),
  };
  if (!training) return { y: batchNormFrozen(x, affine, statistics), fresh: {} };
  const { y, running } = batchNorm(x, affine, statistics);
  return {
    y,
    fresh: { [`${name}.running_mean`]: running.mean, [`${name}.running_var`]: running.variance },
  };
}
