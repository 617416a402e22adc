import { expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { applyDraws } from '../../../src/tensor/views/apply-views.js';
import type { Augmentation } from '../../../src/tensor/views/augmentation.js';
import { planesOfCells } from '../../../src/tensor/views/cells.js';
import { drawViews, joinDraws } from '../../../src/tensor/views/draws/draw-views.js';
import { partsOf } from '../../../src/tensor/views/draws/parts-of.js';
import { planesOfPixels } from '../../../src/tensor/views/planes.js';
import { expectClose } from '../parity.js';

loadTensorFlow({ threads: 2 });

const view: Augmentation = {
  size: 20,
  crop: { scale: { low: 0.6, high: 1 }, ratio: { low: 0.75, high: 4 / 3 } },
  flip: 0.5,
  rotation: 0,
  jitter: { probability: 1, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2 },
  grayscale: 0.2,
  blur: { probability: 0, sigma: { low: 0.1, high: 2 } },
  solarise: { probability: 0, threshold: 0.5 },
  normalise: { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] },
  cells: 3,
};
const image = { count: 2, height: 24, width: 24 };
const pixels = Uint8Array.from({ length: 2 * 24 * 24 * 3 }, (_, i) => (i * 2654435761) >>> 24);

it('changes each cell of a view as an image by itself', () => {
  const planes = planesOfPixels(pixels, 24);
  const draws = drawViews(view, image, createRng(3));
  const { cells, ...ofWhole } = draws;
  const { whole, cell } = partsOf(view);
  const parts = planesOfCells(applyDraws(whole, planes, ofWhole), 3);
  expect(parts.shape).toEqual([18, 3, 6, 6]);
  const made = applyDraws(view, planes, draws);
  expect(made.shape).toEqual([2, 20, 20, 3]);
  if (cells === undefined) throw new Error('cells are drawn');
  const apart = applyDraws(cell, parts, cells);
  for (const [place, [n, row, column]] of [
    [0, [0, 0, 0]],
    [5, [0, 1, 2]],
    [16, [1, 2, 1]],
  ] as const) {
    const found = tf.slice(made, [n, 6 * row, 6 * column, 0], [1, 6, 6, 3]);
    expectClose(`cell ${place}`, found, tf.slice(apart, [place, 0, 0, 0], [1, 6, 6, 3]), 1e-6);
  }
  // All cells have colours of their own.
  const factors = Array.from({ length: 9 }, (_, at) => cells.factors[4 * at]);
  expect(new Set(factors).size).toBe(9);
  expect([...tf.slice(made, [0, 18, 0, 0], [1, 2, 20, 3]).dataSync()].every((v) => v === 0)).toBe(
    true,
  );
});

it('leaves a view as it is where its cells change nothing, and joins the draws of batches', () => {
  const still = { ...view, flip: 0, jitter: { ...view.jitter, probability: 0 }, grayscale: 0 };
  const { cells: _, ...plain } = still;
  const planes = planesOfPixels(pixels, 24);
  const rngs = [createRng(1), createRng(2)];
  const joined = joinDraws(rngs.map((rng) => drawViews(still, image, rng)));
  const ofPlain = joinDraws(rngs.map((rng) => drawViews(plain, image, rng)));
  const twice = tf.concat([planes, planes]);
  const seen = (images: tf.Tensor4D) => tf.slice(images, [0, 0, 0, 0], [4, 18, 18, 3]);
  const found = seen(applyDraws(still, twice, joined));
  expectClose('without changes', found, seen(applyDraws(plain, twice, ofPlain)), 1e-5);
});
