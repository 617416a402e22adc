import { expect, it } from 'vitest';
import { asMatrix, asRank4, asVector } from '../../../src/tensor/as-rank.js';
import {
  batchNorm,
  batchNorm1d,
  batchNormFrozen,
  frozenGradients,
} from '../../../src/tensor/layers/batch-norm.js';
import { conv2d } from '../../../src/tensor/layers/conv2d.js';
import { globalMean, maxPoolAfterRelu } from '../../../src/tensor/layers/pool.js';
import { relu } from '../../../src/tensor/layers/relu.js';
import { pick, under } from '../../../src/tensor/named-tensors.js';
import { applyMlp, hiddenLayer } from '../../../src/tensor/networks/mlp.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../parity.js';

const reference = tensorsOf('layers');
const at = (name: string): tf.Tensor => pick(reference, name);

/** Value and gradients of sum(f(xs) * dy). */
function pullBack(f: (...xs: tf.Tensor[]) => tf.Tensor, xs: tf.Tensor[], dy: tf.Tensor) {
  let y: tf.Tensor | undefined;
  const { grads } = tf.valueAndGrads((...inputs) => {
    const value = f(...inputs);
    y = tf.keep(tf.clone(value));
    return tf.sum<tf.Scalar>(tf.mul(value, dy));
  })(xs);
  if (y === undefined) throw new Error('f did not run');
  return { y, grads };
}

it('convolves with the padding of torch at odd and even sizes', () => {
  for (const kernel of [1, 3, 7]) {
    for (const stride of [1, 2] as const) {
      for (const size of ['8x8', '9x7', '8x9']) {
        const key = `conv.${kernel}.${stride}.${size}`;
        const f = (x: tf.Tensor, w: tf.Tensor) => conv2d(asRank4(x), asRank4(w), { stride });
        const { y, grads } = pullBack(
          f as never,
          [at(`${key}.x`), at(`${key}.w`)],
          at(`${key}.dy`),
        );
        expectClose(`convolution: ${key}`, y, at(`${key}.y`), 2e-6);
        expectClose(`convolution gradients: ${key} x`, grads[0] ?? y, at(`${key}.dx`), 2e-6);
        expectClose(`convolution gradients: ${key} w`, grads[1] ?? y, at(`${key}.dw`), 2e-6);
      }
    }
  }
});

it('gives the same kernel gradient when the input is constant', () => {
  const key = 'conv.3.2.9x7';
  const f = (w?: tf.Tensor) =>
    conv2d(asRank4(at(`${key}.x`)), asRank4(w ?? at(`${key}.w`)), {
      stride: 2,
      constantInput: true,
    });
  const { y, grads } = pullBack(f, [at(`${key}.w`)], at(`${key}.dy`));
  expectClose('convolution gradients: constant', grads[0] ?? y, at(`${key}.dw`), 2e-6);
});

it('has the gradient of a strided 1x1 kernel of few channels where TensorFlow writes outside of its memory', () => {
  const x = tf.randomNormal<tf.Rank.R4>([7, 16, 16, 8], 0, 1, 'float32', 3);
  const kernel = tf.randomNormal<tf.Rank.R4>([1, 1, 8, 16], 0, 1, 'float32', 4);
  const seen = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]);
  const gradientOf = (images: tf.Tensor, stride: 1 | 2): tf.Tensor =>
    tf.grad((w) => tf.sum(tf.square(conv2d(asRank4(images), asRank4(w), { stride }))))(kernel);
  const expected = gradientOf(seen, 1);
  for (let time = 0; time < 20; time++)
    expectClose('kernel gradient', gradientOf(x, 2), expected, 1e-5);
});

it('takes the maximum over windows as torch does after ReLU', () => {
  for (const size of ['8x8', '9x7']) {
    const key = `pool.${size}`;
    const f = (x?: tf.Tensor) => maxPoolAfterRelu(relu(asRank4(x ?? at(`${key}.x`))));
    const { y, grads } = pullBack(f, [at(`${key}.x`)], at(`${key}.dy`));
    expectClose(`ReLU and max pool: ${key}`, y, at(`${key}.y`), 0);
    expectClose(`ReLU and max pool: ${key} dx`, grads[0] ?? y, at(`${key}.dx`), 1e-6);
  }
});

it('normalises batches as torch does, in training and in evaluation', () => {
  for (const mode of ['train', 'eval']) {
    const key = `norm.${mode}`;
    const running = {
      mean: asVector(at(`${key}.running_mean`)),
      variance: asVector(at(`${key}.running_var`)),
    };
    let next = running;
    const f = (...[x = y0, weight = y0, bias = y0]: tf.Tensor[]): tf.Tensor => {
      const affine = { weight: asVector(weight), bias: asVector(bias) };
      if (mode === 'eval') return batchNormFrozen(asRank4(x), affine, running);
      const result = batchNorm(asRank4(x), affine, running);
      next = { mean: tf.keep(result.running.mean), variance: tf.keep(result.running.variance) };
      return result.y;
    };
    const y0 = at(`${key}.x`);
    const inputs = [y0, at(`${key}.weight`), at(`${key}.bias`)];
    const { y, grads } = pullBack(f, inputs, at(`${key}.dy`));
    expectClose(`batch norm: ${key}`, y, at(`${key}.y`), 1e-6);
    expectClose(`batch norm gradients: ${key} x`, grads[0] ?? y, at(`${key}.dx`), 2e-6);
    expectClose(`batch norm gradients: ${key} w`, grads[1] ?? y, at(`${key}.dweight`), 2e-6);
    expectClose(`batch norm gradients: ${key} b`, grads[2] ?? y, at(`${key}.dbias`), 2e-6);
    expectClose(`running statistics: ${key} mean`, next.mean, at(`${key}.new_mean`), 1e-6);
    expectClose(`running statistics: ${key} variance`, next.variance, at(`${key}.new_var`), 1e-6);
  }
});

it('has gradients of a frozen batch norm in parts too, as for GPUs', () => {
  const key = 'norm.eval';
  const of = (name: string): tf.Tensor => at(`${key}.${name}`);
  const saved = ['x', 'weight', 'running_mean', 'running_var'].map(of);
  const grads = frozenGradients(of('dy'), saved);
  for (const [i, name] of ['dx', 'dweight', 'dbias'].entries())
    expectClose(`batch norm gradients in parts: ${name}`, grads[i] ?? of('x'), of(name), 2e-6);
});

it('standardises features as a batch norm without scale and shift', () => {
  const f = (x?: tf.Tensor) => batchNorm1d(asMatrix(x ?? at('standardise.x')));
  const { y, grads } = pullBack(f, [at('standardise.x')], at('standardise.dy'));
  expectClose('batch norm 1d', y, at('standardise.y'), 1e-6);
  expectClose('batch norm 1d gradient', grads[0] ?? y, at('standardise.dx'), 2e-6);
});

it('applies heads as a Sequential of torch', () => {
  for (const [name, widths] of [
    ['bias', [4, 6, 6, 3]],
    ['plain', [4, 6, 3]],
  ] as const) {
    const key = `head.${name}`;
    const weights = under(reference, `${key}.weights`);
    const names = Object.keys(weights);
    const [input, ...rest] = widths;
    const layers = rest.map((width, at) =>
      at === rest.length - 1 ? { width, bias: false } : hiddenLayer(width, name === 'bias'),
    );
    const shape = { input, layers };
    const f = (...[x = y0, ...values]: tf.Tensor[]) =>
      applyMlp(shape, Object.fromEntries(names.map((n, i) => [n, values[i] ?? y0])), asMatrix(x));
    const y0 = at(`${key}.x`);
    const { y, grads } = pullBack(f, [y0, ...Object.values(weights)], at(`${key}.dy`));
    expectClose(`head: ${key}`, y, at(`${key}.y`), 2e-6);
    expectClose(`head gradients: ${key} x`, grads[0] ?? y, at(`${key}.dx`), 5e-6);
    names.forEach((n, i) => {
      const gradient = at(`${key}.gradients.${n}`);
      // Batch norm takes a bias before it away: its gradient is 0 up to rounding.
      const size = Math.max(...gradient.dataSync().map(Math.abs));
      if (size < 1e-12)
        expect(Math.max(...(grads[i + 1] ?? y).dataSync().map(Math.abs))).toBeLessThan(1e-5);
      else expectClose(`head gradients: ${key} ${n}`, grads[i + 1] ?? y, gradient, 5e-6);
    });
  }
});

it('averages over positions', () => {
  const x = tf.tensor4d([1, 10, 2, 20, 3, 30, 6, 60], [1, 2, 2, 2]);
  expect([...globalMean(x).dataSync()]).toEqual([3, 30]);
});

it('keeps no tensor after a gradient was taken', () => {
  const x = asRank4(at('norm.train.x'));
  const w = tf.randomNormal<tf.Rank.R4>([3, 3, 5, 4], 0, 1, 'float32', 1);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    tf.dispose(tf.grad((kernel) => tf.sum(relu(conv2d(x, asRank4(kernel)))))(w));
  }
  expect(tf.memory().numTensors).toBe(before);
});
