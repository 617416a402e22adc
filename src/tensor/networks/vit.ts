import { asMatrix, asRank3, asVector } from '../as-rank.js';
import { attention } from '../layers/attention.js';
import type { Affine } from '../layers/batch-norm.js';
import { dense } from '../layers/dense.js';
import { tokenFactors } from '../layers/drop-path.js';
import { gelu } from '../layers/gelu.js';
import { linearInit, normalWeight } from '../layers/init.js';
import { layerNorm } from '../layers/layer-norm.js';
import { normDense } from '../layers/norm-dense.js';
import { gridOf, patchesOf } from '../layers/patches.js';
import { positionsFor } from '../layers/position-embedding.js';
import { classTokens, groupOf, stacked } from '../layers/token-groups.js';
import type { Batch, TrainingPass } from '../layers/training-pass.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import type { Rng } from '../rng.js';
import { tf } from '../tf.js';

/** A vision transformer. */
export interface VitShape {
  /** Length d of tokens and features. */
  readonly width: number;
  /** Blocks of attention and MLP. */
  readonly depth: number;
  readonly heads: number;
  /** Height and width of a patch, in pixels. */
  readonly patch: number;
  /** Height and width of the images that the embedding of positions is for; it is resampled for others. */
  readonly image: number;
  /** Rate at which the last block's paths are dropped in training; those before it less, down to 0. */
  readonly dropPath: number;
}

interface Vit {
  readonly features: number;
  /** Norms are of each token. */
  readonly alone: true;
  init(rng: Rng): { trained: NamedTensors; stats: NamedTensors };
  apply(
    weights: Weights,
    x: tf.Tensor4D,
    training?: TrainingPass,
  ): { features: tf.Tensor2D; stats: NamedTensors };
  /** Tokens of all images are rows of the same matrices, whatever the images' sizes; attention is by size. */
  applyTogether(weights: Weights, batches: readonly Batch[]): tf.Tensor2D;
}

interface Weights {
  readonly trained: NamedTensors;
}

const channels = 3;
/** The hidden layer of the MLPs is so many times as wide. */
const expansion = 4;

/**
 * Vision transformer (Dosovitskiy et al. 2021, arXiv:2010.11929) as in DINO (facebookresearch/dino@7c446df
 * vision_transformer.py) and timm: patches (n, h, w, 3) and a class token, learned positions, blocks
 * with the norms first, and as features (n, d) the class token after the last norm.
 *
 * Weights are named as in timm (`blocks.0.attn.qkv.weight`); linear weights are (in, out), the patches'
 * kernel is (h, w, in, out). They begin as in DINO: linear weights, positions and class token normal of
 * deviation 0.02 (cut off at 100 deviations, which never happens), biases 0, norms at 1 and 0, the
 * kernel and its bias as torch.nn.Conv2d's.
 */
export function vit(shape: VitShape): Vit {
  const { width, depth, heads, patch, dropPath } = shape;
  // Two paths a block.
  const rates = Array.from(
    { length: 2 * depth },
    (_, path) => (dropPath * Math.floor(path / 2)) / Math.max(1, depth - 1),
  );
  return {
    features: width,
    alone: true,
    init: (rng) => ({ trained: initial(shape, rng), stats: {} }),
    apply: (weights, x, training) => ({
      features: together(weights, [{ x, training }]),
      stats: {},
    }),
    applyTogether: together,
  };

  function together({ trained }: Weights, batches: readonly Batch[]): tf.Tensor2D {
    const groups = batches.map(({ x }) => groupOf(x, patch));
    const factors = dropPath > 0 ? tokenFactors(rates, batches, groups) : undefined;
    /** What a path adds to x: nothing in some images, where paths are dropped. */
    const plus = (tokens: tf.Tensor2D, path: number, added: tf.Tensor2D): tf.Tensor2D => {
      if (factors === undefined || rates[path] === 0) return asMatrix(tf.add(tokens, added));
      const scale = tf.transpose(tf.slice(factors, [path, 0], [1, -1]));
      return asMatrix(tf.add(tokens, tf.mul(added, scale)));
    };
    const block = (tokens: tf.Tensor2D, index: number): tf.Tensor2D => {
      const at = `blocks.${index}`;
      const qkv = normLinear(trained, [`${at}.norm1`, `${at}.attn.qkv`], tokens);
      const attended = linear(trained, `${at}.attn.proj`, attention(qkv, groups, heads));
      const middle = plus(tokens, 2 * index, attended);
      const hidden = normLinear(trained, [`${at}.norm2`, `${at}.mlp.fc1`], middle);
      return plus(middle, 2 * index + 1, linear(trained, `${at}.mlp.fc2`, gelu(hidden)));
    };
    let tokens = tf.tidy(() => stacked(batches.map(({ x }) => embedded(trained, x, patch))));
    // A tidy for each block: what backward does not need is free before the next one begins.
    for (let index = 0; index < depth; index++) tokens = tf.tidy(() => block(tokens, index));
    return norm(trained, 'norm', classTokens(tokens, groups));
  }
}

/** Tokens (n x (1 + patches), d): the class token and the patches of each image, at their positions. */
function embedded(trained: NamedTensors, x: tf.Tensor4D, patch: number): tf.Tensor2D {
  const kernel = pick(trained, 'patch_embed.proj.weight');
  const bias = asVector(pick(trained, 'patch_embed.proj.bias'));
  const [n, height, width] = x.shape;
  const d = bias.size;
  const weight = tf.reshape<tf.Rank.R2>(kernel, [-1, d]);
  const patches = dense(patchesOf(x, patch), weight, bias, { constantInput: true });
  const grid = gridOf(height, width, patch);
  const positions = positionsFor(asRank3(pick(trained, 'pos_embed')), grid);
  const tokens = positions.shape[1];
  // The class token, and the patches, with zeros at the other's place: sums instead of a copy for each image.
  const first = tf.pad(asRank3(pick(trained, 'cls_token')), [
    [0, 0],
    [0, tokens - 1],
    [0, 0],
  ]);
  const rest = tf.pad(tf.reshape(patches, [n, -1, d]), [
    [0, 0],
    [1, 0],
    [0, 0],
  ]);
  return asMatrix(tf.reshape(tf.add(rest, tf.add(positions, first)), [n * tokens, d]));
}

function linear(trained: NamedTensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const weight = asMatrix(pick(trained, `${name}.weight`));
  return dense(x, weight, asVector(pick(trained, `${name}.bias`)));
}

const norm = (trained: NamedTensors, name: string, x: tf.Tensor2D): tf.Tensor2D =>
  layerNorm(x, affineOf(trained, name));

/** A norm, and the linear layer behind it. */
function normLinear(
  trained: NamedTensors,
  [norm, linear]: readonly [norm: string, linear: string],
  x: tf.Tensor2D,
): tf.Tensor2D {
  const weight = asMatrix(pick(trained, `${linear}.weight`));
  const bias = asVector(pick(trained, `${linear}.bias`));
  return normDense(x, affineOf(trained, norm), weight, bias);
}

const affineOf = (trained: NamedTensors, name: string): Affine => ({
  weight: asVector(pick(trained, `${name}.weight`)),
  bias: asVector(pick(trained, `${name}.bias`)),
});

function initial({ width, depth, patch, image }: VitShape, rng: Rng): NamedTensors {
  const trained: Record<string, tf.Tensor> = {};
  const normal = (name: string, shape: number[]): void => {
    trained[name] = normalWeight(rng.split(name), 0.02, shape);
  };
  const addLinear = (name: string, input: number, output: number): void => {
    normal(`${name}.weight`, [input, output]);
    trained[`${name}.bias`] = tf.zeros([output]);
  };
  const addNorm = (name: string): void => {
    trained[`${name}.weight`] = tf.ones([width]);
    trained[`${name}.bias`] = tf.zeros([width]);
  };
  normal('cls_token', [1, 1, width]);
  const [rows, columns] = gridOf(image, image, patch);
  normal('pos_embed', [1, 1 + rows * columns, width]);
  const conv = linearInit(rng.split('patch_embed.proj'), patch * patch * channels, width);
  trained['patch_embed.proj.weight'] = tf.reshape(conv.weight, [patch, patch, channels, width]);
  trained['patch_embed.proj.bias'] = conv.bias;
  conv.weight.dispose();
  for (let index = 0; index < depth; index++) {
    const at = `blocks.${index}`;
    addNorm(`${at}.norm1`);
    addLinear(`${at}.attn.qkv`, width, 3 * width);
    addLinear(`${at}.attn.proj`, width, width);
    addNorm(`${at}.norm2`);
    addLinear(`${at}.mlp.fc1`, width, expansion * width);
    addLinear(`${at}.mlp.fc2`, expansion * width, width);
  }
  addNorm('norm');
  return trained;
}
