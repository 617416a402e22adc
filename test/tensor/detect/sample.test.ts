import { expect, it } from 'vitest';
import { sampleBoxes } from '../../../src/tensor/detect/sample.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 2 });

const keys = tf.tensor2d([[0.1, 0.9, 0.4, 0.8, 0.3, 0.7, 0.2, 0.6]]);
const numbers = (x: tf.Tensor): number[] => [...x.dataSync()];

it('takes those with the largest keys, of objects up to their share', () => {
  const label = tf.tensor2d([[1, 1, 1, 0, 0, 0, -1, 0]]);
  const { mask, rows, there } = sampleBoxes(label, keys, { count: 4, positive: 0.5 });
  expect(numbers(mask)).toEqual([0, 1, 1, 1, 0, 1, 0, 0]);
  expect(numbers(rows)).toEqual([1, 2, 3, 5]);
  expect(numbers(there)).toEqual([1, 1, 1, 1]);
});

it('fills up with such as stand for none, and takes fewer where there are fewer', () => {
  const few = sampleBoxes(tf.tensor2d([[1, -1, -1, 0, 0, -1, -1, 0]]), keys, {
    count: 6,
    positive: 0.5,
  });
  expect(numbers(few.mask)).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
  expect(numbers(few.rows).slice(0, 4)).toEqual([0, 3, 7, 4]);
  expect(numbers(few.there)).toEqual([1, 1, 1, 1, 0, 0]);
  const none = sampleBoxes(tf.fill([1, 8], -1), keys, { count: 10, positive: 0.25 });
  expect(numbers(none.mask)).toEqual(Array(8).fill(0));
  expect(none.rows.shape).toEqual([1, 10]);
  expect(numbers(none.there)).toEqual(Array(10).fill(0));
});
