import { expect, it } from 'vitest';
import { asRank4 } from '../../../src/tensor/as-rank.js';
import { compile } from '../../../src/tensor/compile/compile.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { conv2d } from '../../../src/tensor/layers/conv2d.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 1 });

const rng = createRng(0);
function random<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => rng.uniform() - 0.5),
    shape,
  );
}

it.each([
  ['1x1', { k: 1, stride: 1, pixels: 4, input: 32, output: 40 }],
  ['1x1 with more weights than pixels', { k: 1, stride: 1, pixels: 2, input: 40, output: 33 }],
  ['1x1 at stride 2', { k: 1, stride: 2, pixels: 6, input: 32, output: 33 }],
  ['1x1 at stride 2 on odd images', { k: 1, stride: 2, pixels: 5, input: 32, output: 33 }],
  ['3x3', { k: 3, stride: 1, pixels: 2, input: 32, output: 33 }],
  ['3x3 at stride 2', { k: 3, stride: 2, pixels: 8, input: 32, output: 33 }],
  ['3x3 at stride 2 on odd images', { k: 3, stride: 2, pixels: 7, input: 32, output: 33 }],
  ['3x3 on many images of 2x2', { k: 3, stride: 1, pixels: 2, input: 32, output: 33, n: 128 }],
  ['3x3 on images of 1x1', { k: 3, stride: 1, pixels: 1, input: 33, output: 32, n: 3 }],
  ['5x5 on many images of 3x3', { k: 5, stride: 1, pixels: 3, input: 32, output: 32, n: 129 }],
  ['3x3 at stride 2 to 1x1', { k: 3, stride: 2, pixels: 2, input: 32, output: 33, n: 128 }],
] as const)('gives the gradients of a convolution of %s as a product', (_, shape) => {
  const { k, stride, pixels, input, output, n = 2 } = { n: undefined, ...shape };
  const x = random<tf.Rank.R4>([n, pixels, pixels, input]);
  const kernel = random<tf.Rank.R4>([k, k, input, output]);
  const step = (given: NamedTensors) => {
    const { loss, gradients } = differentiate(given, (trained) => {
      const [images, weights] = [pick(trained, 'x'), pick(trained, 'kernel')];
      const y = conv2d(asRank4(images), asRank4(weights), { stride });
      // The gradient of y is another number at each place.
      return { loss: tf.sum(tf.mul(y, tf.sin(y))), others: {} };
    });
    return { outputs: { loss, ...gradients } };
  };
  const eager = step({ kernel, x }).outputs;
  const compiled = compile(
    { step: { step: (state, inputs) => step({ ...state, ...inputs }), inputs: { x } } },
    { kernel },
  );
  const quick = compiled.call('step', { x });
  for (const [name, tensor] of Object.entries(eager)) {
    const [expected, found] = [tensor.dataSync(), quick[name]?.dataSync() ?? []];
    expect(found.length).toBe(expected.length);
    expected.forEach((value, index) => {
      expect(Math.abs(value - (found[index] ?? Number.NaN))).toBeLessThan(5e-6 * n);
    });
  }
  compiled.dispose();
});

it.each([
  [4, 48, 8, 16],
  [2, 47, 3, 8],
  [8, 96, 8, 16],
] as const)(
  'gives the gradient of a strided 1x1 kernel of few channels: %i images of %i px, %i to %i',
  (n, side, input, output) => {
    const half = Math.ceil(side / 2);
    const x = random<tf.Rank.R4>([n, side, side, input]);
    const dy = random<tf.Rank.R4>([n, half, half, output]);
    const kernel = random<tf.Rank.R4>([1, 1, input, output]);
    const step = (given: NamedTensors) => {
      const { loss, gradients } = differentiate({ kernel: pick(given, 'kernel') }, (trained) => {
        const images = asRank4(pick(given, 'x'));
        const y = conv2d(images, asRank4(pick(trained, 'kernel')), { stride: 2 });
        return { loss: tf.sum(tf.mul(y, pick(given, 'dy'))), others: {} };
      });
      const outputs: NamedTensors = { loss, ...gradients };
      return { outputs };
    };
    // x at every second pixel, by the gradient at the result
    const [pixels, wanted] = [x.dataSync(), dy.dataSync()];
    const expected = new Float64Array(input * output);
    for (let image = 0; image < n; image++) {
      for (let row = 0; row < half; row++) {
        for (let column = 0; column < half; column++) {
          const from = ((image * side + 2 * row) * side + 2 * column) * input;
          const to = ((image * half + row) * half + column) * output;
          for (let i = 0; i < input; i++) {
            for (let o = 0; o < output; o++) {
              expected[i * output + o] =
                (expected[i * output + o] ?? 0) + (pixels[from + i] ?? 0) * (wanted[to + o] ?? 0);
            }
          }
        }
      }
    }
    const compiled = compile(
      { step: { step: (state, inputs) => step({ ...state, ...inputs }), inputs: { x, dy } } },
      { kernel },
    );
    for (const found of [step({ kernel, x, dy }).outputs, compiled.call('step', { x, dy })]) {
      const numbers = pick(found, 'kernel').dataSync();
      expect(numbers.length).toBe(expected.length);
      expected.forEach((value, index) => {
        expect(Math.abs(value - (numbers[index] ?? Number.NaN))).toBeLessThan(1e-3);
      });
    }
    compiled.dispose();
  },
);
