import { expect, it } from 'vitest';
import { differentiate } from '../../src/tensor/differentiate.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { pick } from '../../src/tensor/named-tensors.js';
import { tf } from '../../src/tensor/tf.js';

loadTensorFlow({ threads: 2 });
const trained = { a: tf.tensor1d([1, 2]), b: tf.scalar(3) };
const product = (weights: Readonly<Record<string, tf.Tensor>>): tf.Scalar =>
  tf.sum<tf.Scalar>(tf.mul(pick(weights, 'a'), pick(weights, 'b')));

it('gives the loss, every gradient, and what else the pass made', () => {
  const before = tf.memory().numTensors;
  const result = tf.tidy(() =>
    differentiate(trained, (weights) => ({
      loss: product(weights),
      others: { doubled: tf.mul(pick(weights, 'a'), 2), same: pick(weights, 'b') },
    })),
  );
  expect(result.loss.dataSync()[0]).toBe(9);
  expect([...pick(result.gradients, 'a').dataSync()]).toEqual([3, 3]);
  expect([...pick(result.gradients, 'b').dataSync()]).toEqual([3]);
  expect([...result.others.doubled.dataSync()]).toEqual([2, 4]);
  expect(result.others.same.dataSync()[0]).toBe(3);
  tf.dispose([result.loss, result.gradients, result.others]);
  expect(tf.memory().numTensors).toBe(before);
  expect(trained.b.isDisposed).toBe(false);
});

it('frees all of it with the tidy around it', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    differentiate(trained, (weights) => ({
      loss: product(weights),
      others: { one: tf.scalar(1) },
    }));
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('names a tensor that the loss does not depend on', () => {
  const pass = (weights: typeof trained) => ({ loss: tf.sum<tf.Scalar>(weights.a), others: {} });
  expect(() => tf.tidy(() => differentiate(trained, () => pass(trained)))).toThrow(
    'the loss does not depend on `b`, which is trained',
  );
});
