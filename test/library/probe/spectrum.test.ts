import { beforeAll, expect, it } from 'vitest';
import { run } from '../../../src/library/probe/spectrum.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({ split: 'train', first: 2, last: 10 });
const shades = (...levels: readonly number[]) =>
  imagesOf(levels.map((level) => ({ split: 'train', class: 'a', pixels: [level, 20, 90] })));

it('measures the spectrum of the training split', async () => {
  const context = contextOf(await paramsOf());
  const { metrics, facts } = await run(context);
  // 36 images of 432 numbers: no rank is larger.
  expect(metrics?.rank_me).toBeGreaterThan(1);
  expect(metrics?.effective_rank).toBeGreaterThan(metrics?.rank_me ?? 0);
  expect(metrics?.effective_rank).toBeLessThan(36);
  expect(metrics?.alpha_req).toBeGreaterThan(0);
  expect(facts).toEqual({ 'images asked': 36, features: 432 });
  expect(context.remarked).toEqual([]);
});

it('gives no exponent of fewer eigenvalues than are fitted, and says how many there are', async () => {
  const context = contextOf(await paramsOf({ on: shades(10, 40, 90, 200) }));
  const { metrics } = await run(context);
  // All images lie on a line.
  expect(metrics?.effective_rank).toBeCloseTo(1, 3);
  expect(metrics?.alpha_req).toBeNull();
  expect(context.remarked).toEqual([
    '`alpha_req` has no value: it is of eigenvalues 2 to 10, and the features of the 4 images of split `train` have 1 that are no rounding',
  ]);
});

it('gives no effective rank of features that are all the same', async () => {
  const context = contextOf(await paramsOf({ on: shades(50, 50, 50) }));
  const { metrics } = await run(context);
  expect(metrics?.rank_me).toBeCloseTo(1, 3);
  expect(metrics).toMatchObject({ effective_rank: null, alpha_req: null });
  expect(context.remarked[0]).toBe(
    'all 3 images of split `train` have the same features: the encoder has collapsed',
  );
});
