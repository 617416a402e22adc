import { expect, it } from 'vitest';
import { asMatrix, asVector } from '../../../src/tensor/as-rank.js';
import { inFloat64 } from '../../../src/tensor/floats.js';
import { crossEntropy } from '../../../src/tensor/losses/cross-entropy.js';
import { l2Normalise } from '../../../src/tensor/losses/l2-normalise.js';
import { ntXent } from '../../../src/tensor/losses/nt-xent.js';
import { softCrossEntropies } from '../../../src/tensor/losses/soft-cross-entropy.js';
import { vicregLoss } from '../../../src/tensor/losses/vicreg-loss.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { nativeBackend } from '../../../src/tensor/native.js';
import { softmaxLosses } from '../../../src/tensor/probe/softmax-losses.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../parity.js';

const reference = tensorsOf('losses');
const at = (name: string): tf.Tensor => pick(reference, name);

it('gives NT-Xent and its gradient as the official code does', () => {
  for (const temperature of [0.1, 0.5]) {
    const key = `nt_xent.${temperature}`;
    const { value, grad } = tf.valueAndGrad((z) => ntXent(asMatrix(z), temperature))(
      at(`${key}.z`),
    );
    expectClose(`NT-Xent value: ${key}`, value, at(`${key}.loss`), 1e-6);
    expectClose(`NT-Xent gradient: ${key}`, grad, at(`${key}.gradient`), 2e-6);
  }
});

it('gives VICReg and its gradients as the official code does', () => {
  const plain = { invariance: 25, variance: 25, covariance: 1 };
  for (const [name, weights] of [
    ['tall', plain],
    ['wide', plain],
    ['other', { invariance: 1, variance: 10, covariance: 4 }],
  ] as const) {
    const key = `vicreg.${name}`;
    const { value, grads } = tf.valueAndGrads((x, y) =>
      vicregLoss(asMatrix(x), asMatrix(y), weights),
    )([at(`${key}.x`), at(`${key}.y`)]);
    const [dx = value, dy = value] = grads;
    expectClose(`VICReg value: ${key}`, value, at(`${key}.loss`), 1e-6);
    expectClose(`VICReg gradient: ${key} x`, dx, at(`${key}.x_gradient`), 2e-6);
    expectClose(`VICReg gradient: ${key} y`, dy, at(`${key}.y_gradient`), 2e-6);
  }
});

it('gives cross-entropy and its gradient as torch does', () => {
  const labels = asVector(tf.cast(at('cross_entropy.labels'), 'int32'));
  const { value, grad } = tf.valueAndGrad((logits) => crossEntropy(asMatrix(logits), labels))(
    at('cross_entropy.logits'),
  );
  expectClose('cross-entropy value', value, at('cross_entropy.loss'), 1e-6);
  expectClose('cross-entropy gradient', grad, at('cross_entropy.gradient'), 1e-6);
});

it('gives cross-entropy on a GPU of parts that are deterministic there', () => {
  const backend = nativeBackend();
  const labels = asVector(tf.cast(at('cross_entropy.labels'), 'int32'));
  const targets = asMatrix(tf.oneHot(labels, at('cross_entropy.logits').shape[1] ?? 0));
  const ofLabels = (logits: tf.Tensor) => crossEntropy(asMatrix(logits), labels);
  const ofTargets = (logits: tf.Tensor) =>
    tf.mean<tf.Scalar>(softCrossEntropies(asMatrix(logits), asMatrix(tf.cast(targets, 'float32'))));
  backend.isUsingGpuDevice = true;
  try {
    for (const loss of [ofLabels, ofTargets]) {
      const { value, grad } = tf.valueAndGrad(loss)(at('cross_entropy.logits'));
      expectClose('cross-entropy value', value, at('cross_entropy.loss'), 1e-6);
      expectClose('cross-entropy gradient', grad, at('cross_entropy.gradient'), 1e-6);
    }
    inFloat64((ops) => {
      const logits = ops.of(Float64Array.of(1, 2, 3, 0.5, 1e3, -2), 2, 3);
      const given = [ops.of(Float64Array.of(0, 0, 1, 0.25, 0.5, 0.25), 2, 3), 3] as const;
      const ofParts = softmaxLosses(ops, logits, ...given).map((result) => [...ops.read(result)]);
      backend.isUsingGpuDevice = false;
      const ofOne = softmaxLosses(ops, logits, ...given).map((result) => [...ops.read(result)]);
      ofParts.flat().forEach((number, i) => {
        expect(number).toBeCloseTo(ofOne.flat()[i] ?? Number.NaN, 12);
      });
    });
  } finally {
    backend.isUsingGpuDevice = false;
  }
});

it('keeps NT-Xent when pairs are permuted, and knows its limits', () => {
  const z = tf.randomNormal<tf.Rank.R2>([8, 3], 0, 1, 'float32', 7);
  const order = [2, 0, 3, 1];
  const permuted = asMatrix(tf.gather(z, [...order, ...order.map((i) => i + 4)]));
  expectClose('NT-Xent permuted', ntXent(permuted, 0.3), ntXent(z, 0.3), 1e-6);
  // Views all alike: every candidate is as good, so the loss is the logarithm of their number.
  expect(ntXent(tf.ones([8, 3]), 0.1).dataSync()[0]).toBeCloseTo(Math.log(7), 5);
  // A low temperature must not overflow.
  expect(Number.isFinite(ntXent(z, 0.001).dataSync()[0])).toBe(true);
});

it('normalises a row of zeros to zeros', () => {
  const unit = l2Normalise(tf.tensor2d([[3, 4], [0, 0]])); // biome-ignore format: a matrix
  expect([...unit.dataSync()].map((v) => Number(v.toFixed(6)))).toEqual([0.6, 0.8, 0, 0]);
});

it('asks collapsed embeddings to spread', () => {
  const x = tf.ones<tf.Rank.R2>([6, 4]);
  const loss = vicregLoss(x, x, { invariance: 25, variance: 25, covariance: 1 });
  expect(loss.dataSync()[0]).toBeCloseTo(25 * (1 - Math.sqrt(1e-4)), 4);
});
