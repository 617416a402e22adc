import { expect, it } from 'vitest';
import { asMatrix, asRank3, asVector } from '../../../src/tensor/as-rank.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { attention } from '../../../src/tensor/layers/attention.js';
import { pathFactors } from '../../../src/tensor/layers/drop-path.js';
import { gelu } from '../../../src/tensor/layers/gelu.js';
import { layerNorm } from '../../../src/tensor/layers/layer-norm.js';
import { patchesOf } from '../../../src/tensor/layers/patches.js';
import { positionsFor } from '../../../src/tensor/layers/position-embedding.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../parity.js';

const reference = tensorsOf('vit-layers');
const given = (name: string): tf.Tensor => pick(reference, name);

/** Two images. */
const halves = (x: tf.Tensor2D) => [{ images: 2, tokens: x.shape[0] / 2 }];

/** Compares a layer of x and its weights with the fixture of that name. */
function compare(
  name: string,
  weights: readonly string[],
  layer: (x: tf.Tensor2D, weights: NamedTensors) => tf.Tensor,
): void {
  const names = ['x', ...weights];
  const inputs = Object.fromEntries(names.map((key) => [key, given(`${name}.${key}`)]));
  const { gradients, others } = differentiate(inputs, (now) => {
    const y = layer(asMatrix(pick(now, 'x')), now);
    return { loss: tf.sum<tf.Scalar>(tf.mul(y, given(`${name}.dy`))), others: { y } };
  });
  expectClose(`${name} values`, pick(others, 'y'), given(`${name}.y`), 1e-6);
  for (const key of names) {
    expectClose(`${name} gradients: ${key}`, pick(gradients, key), given(`${name}.d${key}`), 2e-6);
  }
}

it('applies GELU, layer norm and attention as PyTorch does', () => {
  compare('gelu', [], gelu);
  compare('norm', ['weight', 'bias'], (x, { weight, bias }) =>
    layerNorm(x, {
      weight: asVector(weight ?? tf.scalar(0)),
      bias: asVector(bias ?? tf.scalar(0)),
    }),
  );
  compare('attention', [], (x) => attention(x, halves(x), 3));
});

it('leaks no tensor', () => {
  const x = asMatrix(tf.randomNormal([10, 36]));
  const affine = { weight: tf.ones<tf.Rank.R1>([36]), bias: tf.zeros<tf.Rank.R1>([36]) };
  const count = tf.memory().numTensors;
  for (const layer of [
    gelu,
    (z: tf.Tensor2D) => layerNorm(z, affine),
    (z: tf.Tensor2D) => attention(z, halves(z), 3),
  ]) {
    layer(x).dispose();
    expect(tf.memory().numTensors).toBe(count);
    const { value, grad } = tf.valueAndGrad((z) => tf.sum<tf.Scalar>(layer(asMatrix(z))))(x);
    tf.dispose([value, grad]);
    expect(tf.memory().numTensors).toBe(count);
  }
});

it('resamples positions as DINO does', () => {
  const embedding = asRank3(given('positions.embedding'));
  for (const [height, width, size] of [
    [4, 4, '16x16'],
    [6, 6, '24x24'],
    [2, 2, '8x8'],
    [5, 3, '20x13'],
    [1, 10, '4x40'],
  ] as const) {
    const positions = positionsFor(embedding, [height, width]);
    expectClose(`positions: ${size}`, positions, given(`positions.${size}`), 1e-6);
  }
});

it('cuts images into patches in reading order, and leaves out what is left', () => {
  const pixels = Array.from({ length: 5 * 4 }, (_, index) => index);
  const patches = patchesOf(tf.tensor4d(pixels, [1, 5, 4, 1]), 2);
  expect(patches.arraySync()).toEqual([
    [0, 1, 4, 5],
    [2, 3, 6, 7],
    [8, 9, 12, 13],
    [10, 11, 14, 15],
  ]);
  expect(() => patchesOf(tf.zeros([1, 5, 4, 1]), 6)).toThrow('no patch of 6');
});

it('drops paths at their rates, image by image, by the seed alone', () => {
  const draw = (seed: number): tf.Tensor2D =>
    pathFactors([0, 0.25, 0.5], 4000, tf.tensor1d([seed, 2], 'int32'));
  const [none = [], quarter = [], half = []] = draw(1).arraySync();
  expect(new Set(none)).toEqual(new Set([1]));
  expect([...new Set(quarter)].sort()).toEqual([0, Math.fround(4 / 3)]);
  expect([...new Set(half)].sort()).toEqual([0, 2]);
  const dropped = (factors: number[]): number => factors.filter((factor) => factor === 0).length;
  // Within four standard deviations.
  expect(Math.abs(dropped(quarter) - 1000)).toBeLessThan(110);
  expect(Math.abs(dropped(half) - 2000)).toBeLessThan(127);
  // Paths are independent of one another.
  const both = quarter.filter((factor, image) => factor === 0 && half[image] === 0).length;
  expect(Math.abs(both - 500)).toBeLessThan(84);
  expect(draw(1).dataSync()).toEqual(draw(1).dataSync());
  expect(draw(1).dataSync()).not.toEqual(draw(2).dataSync());
});
