import { expect, it } from 'vitest';
import { compile } from '../../../src/tensor/compile/compile.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { vicregLoss } from '../../../src/tensor/losses/vicreg-loss.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../parity.js';

loadTensorFlow({ threads: 2 });

const weights = { invariance: 25, variance: 25, covariance: 1 };

/** The formula of `vicregLoss(x, x)` in float64, with the gradient of either view. */
function inFloat64(x: Float32Array, n: number, d: number) {
  const z = Float64Array.from(x);
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (x[i * d + j] ?? 0) / n;
    for (let i = 0; i < n; i++) z[i * d + j] = (x[i * d + j] ?? 0) - mean;
  }
  const c = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const left = (z[i * d + j] ?? 0) / (n - 1);
      for (let k = 0; k < d; k++) c[j * d + k] = (c[j * d + k] ?? 0) + left * (z[i * d + k] ?? 0);
    }
  }
  let loss = 0;
  const gradient = new Float64Array(n * d);
  for (let j = 0; j < d; j++) {
    const deviation = Math.sqrt((c[j * d + j] ?? 0) + 1e-4);
    loss += (weights.variance * Math.max(0, 1 - deviation)) / d;
    const hinge = deviation < 1 ? weights.variance / 2 / d / (n - 1) / deviation : 0;
    c[j * d + j] = 0;
    for (let k = 0; k < d; k++) loss += (2 * weights.covariance * (c[j * d + k] ?? 0) ** 2) / d;
    for (let i = 0; i < n; i++) {
      let along = 0;
      for (let k = 0; k < d; k++) along += (c[j * d + k] ?? 0) * (z[i * d + k] ?? 0);
      const covariance = (weights.covariance * 4 * along) / d / (n - 1);
      gradient[i * d + j] = covariance - hinge * (z[i * d + j] ?? 0);
    }
  }
  return { loss, gradient };
}

/** Standard deviations of the features, by their number. */
const widths: Readonly<Record<string, (feature: number) => number>> = {
  'all alike': () => 1,
  'one wide': (j) => (j === 1 ? 1e4 : 1),
  'two wide': (j) => (j < 2 ? 1e4 : 1),
  'one wide among narrow ones': (j) => (j === 0 ? 1e4 : 0.01),
  'half of them wide': (j) => (j % 2 === 0 ? 1e4 : 1),
  'all sizes': (j) => 1e4 * 0.9 ** j,
};

const drawn = (n: number, d: number, width: (feature: number) => number): Float32Array => {
  const rng = createRng(1, 'vicreg', n, d);
  return Float32Array.from({ length: n * d }, (_, index) => rng.normal() * width(index % d));
};

it.each(Object.keys(widths))('is that of float64, with features %s', (name) => {
  for (const n of [2, 3, 16, 64, 200, 512]) {
    for (const d of [2, 5, 64, 130, 512]) {
      // The sums in float64 take their time.
      if (n * d * d > 6e7 && name !== 'one wide') continue;
      const x = drawn(n, d, widths[name] ?? (() => 1));
      const right = inFloat64(x, n, d);
      const tensor = tf.tensor2d(x, [n, d]);
      const { value, grads } = tf.valueAndGrads((a, b) =>
        vicregLoss(a as tf.Tensor2D, b as tf.Tensor2D, weights),
      )([tensor, tensor.clone()]);
      const at = `: ${name}, ${n} x ${d}`;
      expectClosePlain(`VICReg of wide features${at}`, value.dataSync(), [right.loss], 1e-5);
      const [gradient = value] = grads;
      expectClosePlain(
        `VICReg of wide features, gradient${at}`,
        gradient.dataSync(),
        right.gradient,
        1e-5,
      );
    }
  }
});

it('forgets where features lie', () => {
  for (const [n, d] of [
    [64, 16],
    [16, 64],
  ] as const) {
    // biome-ignore format: a short list
    const x = drawn(n, d, () => 1).map((value, index) => value + 1000 * (index % d));
    const right = inFloat64(x, n, d);
    const loss = tf.tidy(() => {
      const tensor = tf.tensor2d(x, [n, d]);
      return vicregLoss(tensor, tensor, weights).dataSync();
    });
    expectClosePlain(`VICReg away from 0: ${n} x ${d}`, loss, [right.loss], 1e-5);
  }
});

it('sorts features in a compiled step as in an eager one', () => {
  const [n, d] = [8, 64];
  const x = tf.tensor2d(
    drawn(n, d, (j) => 1 + (j % 7)),
    [n, d],
  );
  const gradient = tf.grad((of: tf.Tensor) =>
    vicregLoss(of as tf.Tensor2D, of as tf.Tensor2D, weights),
  );
  const compiled = compile(
    { step: { inputs: { x }, step: (_, fed) => ({ outputs: { g: gradient(pick(fed, 'x')) } }) } },
    {},
  );
  const { g } = compiled.call('step', { x });
  expectClosePlain(
    'VICReg compiled',
    pick({ g: g ?? x }, 'g').dataSync(),
    gradient(x).dataSync(),
    1e-6,
  );
  compiled.dispose();
  expect(g?.shape).toEqual([n, d]);
});
