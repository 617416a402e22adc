import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { Bug } from '../../src/base/errors.js';
import { recordedEnvironment } from '../../src/runtime/facts.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { tf } from '../../src/tensor/tf.js';

const loaded = loadTensorFlow({ threads: 1 });

it('loads the current TensorFlow as the backend of our tf', () => {
  expect(loaded).toMatchObject({ device: 'cpu', version: '2.21.0', tfjs: '4.22.0', threads: 1 });
  expect(tf.getBackend()).toBe('tensorflow');
  const require = createRequire(import.meta.url);
  const core: typeof tf = require('@tensorflow/tfjs-core');
  expect(core.Tensor).toBe(tf.Tensor);
  expect(core.engine()).toBe(tf.engine());
});

it('multiplies matrices and differentiates', () => {
  const product = tf.matMul(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  );
  expect(product.arraySync()).toEqual([
    [19, 22],
    [43, 50],
  ]);
  const slope = tf.grad((x) => tf.sum(tf.square(x)));
  expect([...slope(tf.tensor1d([1, 2, 3])).dataSync()]).toEqual([2, 4, 6]);
});

it('computes with the number of threads asked for', () => {
  tf.matMul(tf.ones([256, 256]), tf.ones([256, 256])).dataSync();
  const names = readdirSync('/proc/self/task').map((id) =>
    readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim(),
  );
  expect(names.filter((name) => name === 'tf_Compute')).toHaveLength(1);
});

it('gives the same answer again, and refuses another number of threads', () => {
  expect(loadTensorFlow()).toBe(loaded);
  expect(loadTensorFlow({ threads: 1 })).toBe(loaded);
  expect(() => loadTensorFlow({ threads: 2 })).toThrow(Bug);
});

it('records what a result was made with', () => {
  expect(recordedEnvironment(loaded)).toMatchObject({
    tensorflow: '2.21.0',
    device: 'cpu',
    threads: 1,
    node: process.version,
    platform: 'linux x64',
  });
});
