import { asMatrix, asVector } from '../as-rank.js';
import { batchNorm1d } from '../layers/batch-norm.js';
import { dense } from '../layers/dense.js';
import { gelu } from '../layers/gelu.js';
import { linearInit } from '../layers/init.js';
import { relu } from '../layers/relu.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import type { Rng } from '../rng.js';
import { tf } from '../tf.js';

/** A linear layer of a head, and what follows it. */
export interface MlpLayer {
  readonly width: number;
  readonly bias: boolean;
  /** Batch norm behind it: with scale and shift, with a scale alone, or plain (torch's affine=False). */
  readonly norm?: 'affine' | 'scale' | 'plain';
  readonly activation?: 'relu' | 'gelu';
}

/** A head: layers from features of length `input`. */
export interface MlpShape {
  readonly input: number;
  readonly layers: readonly MlpLayer[];
}

/** A hidden layer as most heads have it: linear, batch norm, ReLU. */
export const hiddenLayer = (width: number, bias: boolean): MlpLayer => ({
  width,
  bias,
  norm: 'affine',
  activation: 'relu',
});

/**
 * First weights of a head, named like a torch.nn.Sequential (`0` linear, `1` batch norm, `2` ReLU,
 * `3` linear …): linear layers as torch initialises them, batch norms at 1 and 0.
 */
export function initMlp(shape: MlpShape, rng: Rng): NamedTensors {
  const trained: Record<string, tf.Tensor> = {};
  for (const { index, input, layer } of placed(shape)) {
    const { weight, bias } = linearInit(rng.split(index), input, layer.width);
    trained[`${index}.weight`] = weight;
    if (layer.bias) trained[`${index}.bias`] = bias;
    else bias.dispose();
    if (layer.norm === undefined || layer.norm === 'plain') continue;
    trained[`${index + 1}.weight`] = tf.ones([layer.width]);
    if (layer.norm === 'affine') trained[`${index + 1}.bias`] = tf.zeros([layer.width]);
  }
  return trained;
}

/** Applies a head to x (n, in), in training: batch norms use the batch. Result (n, out). */
export function applyMlp(shape: MlpShape, trained: NamedTensors, x: tf.Tensor2D): tf.Tensor2D {
  let y = x;
  for (const { index, layer } of placed(shape)) {
    const bias = layer.bias ? asVector(pick(trained, `${index}.bias`)) : undefined;
    y = dense(y, asMatrix(pick(trained, `${index}.weight`)), bias);
    if (layer.norm === 'plain') y = batchNorm1d(y);
    else if (layer.norm !== undefined) {
      y = batchNorm1d(y, {
        weight: asVector(pick(trained, `${index + 1}.weight`)),
        bias:
          layer.norm === 'affine'
            ? asVector(pick(trained, `${index + 1}.bias`))
            : tf.zeros([layer.width]),
      });
    }
    if (layer.activation === 'relu') y = relu(y);
    if (layer.activation === 'gelu') y = gelu(y);
  }
  return y;
}

/** The layers with the widths that they take and their places among a Sequential's modules. */
function placed({ input, layers }: MlpShape): {
  index: number;
  input: number;
  layer: MlpLayer;
}[] {
  let index = 0;
  let width = input;
  return layers.map((layer) => {
    const place = { index, input: width, layer };
    index += 1 + (layer.norm === undefined ? 0 : 1) + (layer.activation === undefined ? 0 : 1);
    width = layer.width;
    return place;
  });
}
