import { asMatrix, asVector } from './as-rank.js';
import { batchNorm1d } from './batch-norm.js';
import { dense } from './dense.js';
import { linearInit } from './init.js';
import { type NamedTensors, pick } from './named-tensors.js';
import { relu } from './relu.js';
import type { Rng } from './rng.js';
import { tf } from './tf.js';

/** A head: linear layers, with batch norm and ReLU after each but the last. */
export interface MlpShape {
  /** Widths from the input to the output. */
  readonly widths: readonly number[];
  /** The hidden linear layers have a bias. */
  readonly hiddenBias: boolean;
  /** The last linear layer has a bias. */
  readonly outputBias: boolean;
}

/**
 * First weights of a head, named like a torch.nn.Sequential (`0` linear, `1` batch norm, `2` ReLU,
 * `3` linear …): linear layers as torch initialises them, batch norms at 1 and 0.
 */
export function initMlp(shape: MlpShape, rng: Rng): NamedTensors {
  const trained: Record<string, tf.Tensor> = {};
  for (const { index, input, output, last } of layersOf(shape)) {
    const { weight, bias } = linearInit(rng.split(index), input, output);
    trained[`${index}.weight`] = weight;
    if (last ? shape.outputBias : shape.hiddenBias) trained[`${index}.bias`] = bias;
    else bias.dispose();
    if (last) continue;
    trained[`${index + 1}.weight`] = tf.ones([output]);
    trained[`${index + 1}.bias`] = tf.zeros([output]);
  }
  return trained;
}

/** Applies a head to x (n, in), in training: batch norms use the batch. Result (n, out). */
export function applyMlp(shape: MlpShape, trained: NamedTensors, x: tf.Tensor2D): tf.Tensor2D {
  let y = x;
  for (const { index, last } of layersOf(shape)) {
    const bias = trained[`${index}.bias`];
    const weight = asMatrix(pick(trained, `${index}.weight`));
    y = dense(y, weight, bias === undefined ? undefined : asVector(bias));
    if (last) continue;
    const affine = {
      weight: asVector(pick(trained, `${index + 1}.weight`)),
      bias: asVector(pick(trained, `${index + 1}.bias`)),
    };
    y = relu(batchNorm1d(y, affine));
  }
  return y;
}

function layersOf({ widths }: MlpShape): {
  index: number;
  input: number;
  output: number;
  last: boolean;
}[] {
  return widths.slice(1).map((output, place) => ({
    index: 3 * place,
    input: widths[place] ?? 0,
    output,
    last: place === widths.length - 2,
  }));
}
