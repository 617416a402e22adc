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
] as const)('gives the gradients of a convolution of %s as a product', (_, shape) => {
  const { k, stride, pixels, input, output } = shape;
  const x = random<tf.Rank.R4>([2, pixels, pixels, input]);
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
      expect(Math.abs(value - (found[index] ?? Number.NaN))).toBeLessThan(1e-5);
    });
  }
  compiled.dispose();
});
