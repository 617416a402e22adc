import { expect, it } from 'vitest';
import { asRank4 } from '../../src/tensor/as-rank.js';
import { batchNorm } from '../../src/tensor/layers/batch-norm.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { tf } from '../../src/tensor/tf.js';
import { withoutGradient } from '../../src/tensor/without-gradient.js';

it('takes what it computes as given, and keeps none of its activations', () => {
  loadTensorFlow({ threads: 2 });
  const x = tf.tensor1d([1, 2, 3]);
  const gradient = tf.grad((y) =>
    tf.sum(
      tf.mul(
        y,
        withoutGradient(() => tf.square(y)),
      ),
    ),
  )(x);
  expect([...gradient.dataSync()]).toEqual([1, 4, 9]);

  const images = asRank4(tf.reshape(x, [3, 1, 1, 1]));
  const affine = { weight: tf.ones<tf.Rank.R1>([1]), bias: tf.zeros<tf.Rank.R1>([1]) };
  const running = { mean: tf.zeros<tf.Rank.R1>([1]), variance: tf.ones<tf.Rank.R1>([1]) };
  let made = 0;
  tf.grad((y) => {
    const before = tf.memory().numTensors;
    const z = withoutGradient(() => batchNorm(asRank4(tf.mul(y, images)), affine, running).y);
    made = tf.memory().numTensors - before;
    return tf.add(tf.sum(z), tf.sum(y));
  })(tf.ones([3, 1, 1, 1]));
  expect(made).toBe(1);
});
