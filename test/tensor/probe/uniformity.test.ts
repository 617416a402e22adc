import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { alignment, uniformity } from '../../../src/tensor/probe/uniformity.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../parity.js';
import { flat, measures } from './measures.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("is the authors' losses, and leaks no tensor", () => {
  const before = tf.memory().numTensors;
  const [some, others] = [flat(measures.x.slice(0, 40)), flat(measures.x.slice(40, 80))];
  expectClosePlain('uniformity', [uniformity(some, 20)], [measures.uniformity], 2e-5);
  const apart = alignment(some, others, 20);
  expectClosePlain('alignment of features', [apart], [measures.alignment], 2e-5);
  expect(alignment(some, some, 20)).toBeCloseTo(0, 6);
  expect(uniformity(new Float32Array(12).fill(2), 3)).toBeCloseTo(0, 5);
  expect(tf.memory().numTensors).toBe(before);
});
