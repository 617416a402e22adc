import { expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { augment } from '../../../src/tensor/views/augment.js';
import type { Augmentation } from '../../../src/tensor/views/augmentation.js';
import { drawViews } from '../../../src/tensor/views/draws/draw-views.js';

const view: Augmentation = {
  size: 12,
  crop: { scale: { low: 0.2, high: 1 }, ratio: { low: 0.75, high: 4 / 3 } },
  flip: 0.5,
  rotation: 15,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 1.6, saturation: 0.8, hue: 0.2 },
  grayscale: 0.2,
  blur: { probability: 0.5, sigma: { low: 0.5, high: 1 } },
  solarise: { probability: 0.1, threshold: 0.5 },
  normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
};
const extent = { count: 4000, height: 16, width: 16 };

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

it('draws each change with its probability and range', () => {
  const draws = drawViews(view, extent, createRng(3));
  // Four standard errors of a share of 4,000.
  const near = (share: number, expected: number) =>
    expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt(0.25 / extent.count));
  near(mean(draws.flips), 0.5);
  near(mean(draws.grays), 0.2);
  near(mean(draws.solarised), 0.1);
  near(mean(draws.sigmas.map((sigma) => (sigma > 0 ? 1 : 0))), 0.5);
  expect(Math.max(...draws.angles.map(Math.abs))).toBeLessThanOrEqual(15);
  expect(mean(draws.sigmas.filter((sigma) => sigma > 0))).toBeCloseTo(0.75, 1);
  const factors = (op: number) => draws.factors.filter((_, i) => i % 4 === op);
  near(mean(factors(0).map((factor) => (factor === 1 ? 0 : 1))), 0.8);
  for (const [op, low, high] of [
    [0, 0.6, 1.4],
    [1, 0, 2.6],
    [2, 0.2, 1.8],
    [3, -0.2, 0.2],
  ] as const) {
    const found = factors(op).filter((factor) => factor !== (op === 3 ? 0 : 1));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(low - 1e-6);
    expect(Math.max(...found)).toBeLessThanOrEqual(high + 1e-6);
    expect(mean(found)).toBeCloseTo((low + high) / 2, 1);
  }
  const orders = new Set<string>();
  for (let i = 0; i < draws.orders.length; i += 4) {
    orders.add(draws.orders.subarray(i, i + 4).join(''));
  }
  expect(orders.size).toBe(24);
});

it('changes an image by its own stream, whatever the others are', () => {
  const rng = createRng(0, 'views');
  const many = drawViews(view, { ...extent, count: 5 }, rng);
  const few = drawViews(view, { ...extent, count: 3 }, rng);
  expect(few.crops).toEqual(many.crops.slice(0, 3));
  expect(few.factors).toEqual(many.factors.slice(0, 12));
  expect(drawViews(view, { ...extent, count: 3 }, createRng(1, 'views')).crops).not.toEqual(
    few.crops,
  );
});

it('gives the same view again, of the right shape, and leaves no tensor behind', () => {
  const { tf } = loadTensorFlow({ threads: 2 });
  const pixels = Uint8Array.from({ length: 5 * 16 * 16 * 3 }, (_, i) => (i * 37) % 256);
  const before = tf.memory().numTensors;
  const one = augment(pixels, 16, view, createRng(0));
  const again = augment(pixels, 16, view, createRng(0));
  expect(one.shape).toEqual([5, 12, 12, 3]);
  expect(again.dataSync()).toEqual(one.dataSync());
  const values = one.dataSync<'float32'>();
  expect(Math.max(...values)).toBeLessThanOrEqual(2 + 1e-5);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-2 - 1e-5);
  one.dispose();
  again.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
