import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SspError } from '../../base/errors.js';
import { type NpyArray, writeNpy } from '../../base/files/npy.js';
import { readSafetensors } from '../../base/files/safetensors.js';
import { toTorch } from '../../tensor/networks/torch-layout.js';
import { numbersOf } from '../../tensor/numbers-of.js';
import { saveTensors } from '../../tensor/stored-tensors.js';
import { tf } from '../../tensor/tf.js';
import type { HistoryRow } from '../../tensor/train/checkpoint.js';
import { evaluationView } from '../../tensor/views/evaluation-view.js';
import type { Backbone, EncoderArtifact, Weights } from '../stage.js';
import { networkText } from './described-text.js';
import {
  badEncoder,
  describeEncoder,
  type EncoderInput,
  type Network,
  readDescription,
} from './encoder-description.js';
import { fitWeights } from './fit-weights.js';

/** What a training hands over. */
export interface EncoderContent {
  readonly weights: Weights;
  readonly network: Network;
  readonly features: number;
  readonly input: EncoderInput;
  /** Data-set images seen, and steps. */
  readonly images: number;
  readonly steps: number;
  readonly history: readonly HistoryRow[];
  /** uint8 (k, v, h, w, 3): examples of what was trained on. */
  readonly samples?: NpyArray;
}

/** Where the metadata of a safetensors file of ours hold its description. */
export const descriptionKey = 'ssp';
/** Images of that size in one pass: enough to keep the processor busy, and bounded in memory. */
const batchOf = (size: number): number =>
  Math.max(4, Math.min(256, Math.floor(2 ** 20 / size ** 2)));

/**
 * Writes an encoder into a folder; the same content gives the same bytes. `encoder.safetensors`
 * has torchvision's names and PyTorch's layouts, `encoder.json` what is needed to use it,
 * `history.json` a row for each epoch, `samples.npy` examples of the views.
 */
export function writeEncoder(folder: string, content: EncoderContent): void {
  const { weights, network, features, input, images, steps, history, samples } = content;
  const about = describeEncoder(network, features, input);
  const tensors = tf.tidy(() => toTorch({ ...weights.trained, ...weights.stats }));
  // With what is needed to use them: the file alone is an encoder.
  const metadata = { format: 'pt', [descriptionKey]: JSON.stringify(about) };
  saveTensors(join(folder, 'encoder.safetensors'), tensors, metadata);
  tf.dispose(tensors);
  const description = { ...about, images, steps };
  writeFileSync(join(folder, 'encoder.json'), `${JSON.stringify(description, null, 2)}\n`);
  const rows = history.map((row) => JSON.stringify(row)).join(',\n');
  writeFileSync(join(folder, 'history.json'), `{"rows":[${rows === '' ? '' : `\n${rows}\n`}]}\n`);
  if (samples) writeNpy(join(folder, 'samples.npy'), samples);
}

/** A frozen encoder. */
export interface Encoder {
  /** Length d of the features. */
  readonly features: number;
  readonly input: EncoderInput;
  /** How many images of a size it takes in one pass. */
  batch(size: number): number;
  /** Features (n, d) of images, uint8 (n, size, size, 3), by frozen statistics. */
  embed(pixels: Uint8Array, size: number): Float32Array;
  /** Features (n, d) of views (n, h, w, 3) that are normalised already, by frozen statistics. */
  embedViews(views: tf.Tensor4D): Float32Array;
}

/**
 * Opens the encoder of another stage; TensorFlow must be loaded. Its weights stay in memory for as
 * long as the process.
 * @throws SspError `bad-encoder` when files are cut off, or are for another network.
 */
export function openEncoder(artifact: EncoderArtifact): Encoder {
  const { input } = readDescription(artifact.file('encoder.json'));
  return frozenEncoder(artifact.backbone, encoderWeights(artifact), input);
}

/** An encoder of weights that stay the caller's. */
export function frozenEncoder(backbone: Backbone, weights: Weights, input: EncoderInput): Encoder {
  return {
    features: backbone.features,
    input,
    batch: (size) => batchOf(input.size ?? size),
    embed(pixels, size) {
      const length = size * size * 3;
      const batch = batchOf(input.size ?? size);
      const n = pixels.length / length;
      const features = new Float32Array(n * backbone.features);
      for (let from = 0; from < n; from += batch) {
        const rows = Math.min(batch, n - from);
        const part = pixels.subarray(from * length, (from + rows) * length);
        const values = numbersOf(() => {
          const images = tf.tensor4d(part, [rows, size, size, 3], 'int32');
          const x = evaluationView(images, { ...input, size: input.size ?? size });
          return featuresOf(backbone, weights, x);
        });
        features.set(values, from * backbone.features);
      }
      return features;
    },
    embedViews: (views) => numbersOf(() => featuresOf(backbone, weights, views)),
  };
}

/** Features (n, d) of images x (n, h, w, 3). @throws SspError `bad-encoder` when they are others. */
function featuresOf(backbone: Backbone, weights: Weights, x: tf.Tensor4D): tf.Tensor2D {
  const { features } = backbone.apply(weights, x);
  if (`${features.shape}` === `${[x.shape[0], backbone.features]}`) return features;
  throw badEncoder('encoder.json')(
    `is of a network that makes features of shape (${features.shape.join(', ')}) from ${x.shape[0]} images, not (${x.shape[0]}, ${backbone.features})`,
  );
}

/** Weights of an encoder for its network. The caller owns them. @throws SspError `bad-encoder`. */
export function encoderWeights({ file, backbone }: EncoderArtifact): Weights {
  const refuse = badEncoder('encoder.safetensors');
  const { tensors } = readSafetensors(file('encoder.safetensors'), 'encoder.safetensors');
  const { weights, unused } = fitWeights(tensors, backbone, refuse);
  if (unused[0] !== undefined) throw refuse(`has a tensor ${unused[0]} that its network lacks`);
  return weights;
}

/**
 * Weights of another encoder, to begin a training of `backbone` with. The caller owns them.
 * @throws SspError `other-network` when they are for another network.
 */
export function initialWeights(init: EncoderArtifact, backbone: Backbone): Weights {
  const description = readDescription(init.file('encoder.json'));
  const refuse = (found: string, help?: string): SspError =>
    new SspError('other-network', `the encoder of \`init\` ${found}`, {
      help: help ?? `It is ${networkText(description)}: give the same as \`backbone\`.`,
    });
  const { tensors } = readSafetensors(init.file('encoder.safetensors'), 'encoder.safetensors');
  const { weights, unused } = fitWeights(tensors, backbone, refuse);
  if (unused[0] !== undefined) throw refuse(`has a tensor ${unused[0]} that \`backbone\` lacks`);
  return weights;
}

/**
 * Checks an encoder that a stage left: that its weights are those of its network. TensorFlow must be loaded.
 * @throws SspError `bad-encoder`, `bad-safetensors`.
 */
export function checkEncoder(artifact: EncoderArtifact): void {
  const { features } = readDescription(artifact.file('encoder.json'));
  const made = artifact.backbone.features;
  if (features !== made) {
    throw badEncoder('encoder.json')(`says ${features} features, but its network makes ${made}`);
  }
  const { trained, stats } = encoderWeights(artifact);
  tf.dispose([trained, stats]);
}
