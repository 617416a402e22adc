import { expect, it } from 'vitest';
import { make as pixels } from '../../../src/library/backbone/pixels.js';
import { asRank4 } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 2 });

it('gives the pixels themselves, in their order', () => {
  const backbone = pixels({ size: 4 });
  expect(backbone.features).toBe(48);
  expect(backbone.init(createRng(0))).toEqual({ trained: {}, stats: {} });
  const values = Float32Array.from({ length: 96 }, (_, i) => i / 96);
  const x = asRank4(tf.tensor(values, [2, 4, 4, 3]));
  const { features } = backbone.apply({ trained: {}, stats: {} }, x);
  expect(features.shape).toEqual([2, 48]);
  expect(features.dataSync()).toEqual(values);
});

it('shrinks images by averaging all of their pixels', () => {
  const checks = Float32Array.from({ length: 64 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return (Math.floor(pixel / 8) + pixel) % 2;
  });
  const x = asRank4(tf.tensor(checks, [1, 8, 8, 3]));
  const { features } = pixels({ size: 4 }).apply({ trained: {}, stats: {} }, x);
  // A resize by picking pixels would give 0 and 1; at the borders the filter is cut off.
  for (const value of features.dataSync()) expect(Math.abs(value - 0.5)).toBeLessThan(0.02);
});
