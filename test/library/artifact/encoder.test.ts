import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import {
  initialWeights,
  openEncoder,
  writeEncoder,
} from '../../../src/library/artifact/encoder.js';
import { samplesOf } from '../../../src/library/artifact/samples.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import type { Weights } from '../../../src/library/stage.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { encoderOf, freshFolder } from '../synthetic.js';

const backbone = resnet18({ width: 2, stem: 'small-half', zero_init_residual: false });
const size = 16;
const normalise = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] } as const;
const pixels = Uint8Array.from({ length: 300 * size * size * 3 }, (_, i) => (i * 7919) % 256);
let weights: Weights;
let folder: string;

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
  weights = backbone.init(createRng(5));
  folder = freshFolder();
  writeEncoder(folder, {
    weights,
    network: { network: 'resnet18', arguments: {} },
    features: backbone.features,
    input: { size, normalise },
    images: 0,
    steps: 0,
    history: [{ epoch: 1, loss: 0.5 }],
  });
});

it('reads back the network that was written', () => {
  const encoder = openEncoder(encoderOf(folder, backbone));
  expect(encoder.features).toBe(16);
  const found = encoder.embed(pixels.subarray(0, 3 * size * size * 3), size);
  const expected = tf.tidy(() => {
    const unit = tf.div(
      tf.tensor4d(pixels.subarray(0, 3 * size * size * 3), [3, size, size, 3], 'int32'),
      255,
    );
    const x = tf.div<tf.Tensor4D>(tf.sub(unit, [...normalise.mean]), [...normalise.std]);
    return backbone.apply(weights, x).features.dataSync();
  });
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 4);
});

it('gives an image the same features in any batch, and leaks no tensor', () => {
  const encoder = openEncoder(encoderOf(folder, backbone));
  const before = tf.memory().numTensors;
  const all = encoder.embed(pixels, size);
  expect(all).toHaveLength(300 * 16);
  const last = encoder.embed(pixels.subarray(299 * size * size * 3), size);
  for (const [i, value] of last.entries()) expect(all[299 * 16 + i]).toBeCloseTo(value, 5);
  expect(tf.memory().numTensors).toBe(before);
});

it('resizes images to what it was trained on', () => {
  const encoder = openEncoder(encoderOf(folder, backbone));
  expect(encoder.embed(new Uint8Array(2 * 40 * 40 * 3), 40)).toHaveLength(2 * 16);
});

it('names the tensor that does not fit the network', () => {
  const wide = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });
  expect(() => openEncoder(encoderOf(folder, wide))).toThrow(
    /bn1.bias of shape \(2\), not \(4\)|shape/,
  );
});

it('refuses weights that are no numbers, and variances below zero, by the tensor', () => {
  const withValue = (kind: 'trained' | 'stats', name: string, value: number) => {
    const tensor = weights[kind][name];
    if (tensor === undefined) throw new Error(`no tensor ${name}`);
    const values = Float32Array.from(tensor.dataSync());
    values[1] = value;
    const changed = { ...weights[kind], [name]: tf.tensor(values, tensor.shape) };
    const other = freshFolder();
    writeEncoder(other, {
      weights: { ...weights, [kind]: changed },
      network: { network: 'resnet18', arguments: {} },
      features: backbone.features,
      input: { size, normalise },
      images: 0,
      steps: 0,
      history: [],
    });
    return encoderOf(other, backbone);
  };
  const broken = [
    ['trained', 'conv1.weight', Number.NaN, 'NaN in tensor conv1.weight'],
    ['trained', 'bn1.bias', Number.NEGATIVE_INFINITY, '-Infinity in tensor bn1.bias'],
    ['stats', 'bn1.running_var', -1, '-1 in tensor bn1.running_var, which is a variance'],
  ] as const;
  for (const [kind, name, value, found] of broken) {
    const artifact = withValue(kind, name, value);
    expect(() => openEncoder(artifact)).toThrow(found);
    expect(() => initialWeights(artifact, backbone)).toThrow(found);
  }
  expect(() => openEncoder(withValue('stats', 'bn1.running_mean', -1))).not.toThrow();
});

it('says that a file is of another format', () => {
  const other = freshFolder();
  for (const name of ['encoder.json', 'encoder.safetensors']) {
    writeFileSync(join(other, name), readFileSync(join(folder, name)));
  }
  writeFileSync(join(other, 'encoder.json'), '{"format":"ssp-encoder/9"}');
  expect(() => openEncoder(encoderOf(other, backbone))).toThrow(
    /`encoder.json` does not say `"version": 1`/,
  );
});

it('brings samples back to pixels', () => {
  const x = tf.tensor4d([0, 0.5, 1], [1, 1, 1, 3]);
  const view = tf.div<tf.Tensor4D>(tf.sub(x, [...normalise.mean]), [...normalise.std]);
  const samples = samplesOf([view, view], normalise);
  expect(samples.shape).toEqual([1, 2, 1, 1, 3]);
  expect([...samples.data]).toEqual([0, 128, 255, 0, 128, 255]);
});
