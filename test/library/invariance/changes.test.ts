import { expect, it } from 'vitest';
import { make as background } from '../../../src/library/invariance/background.js';
import { make as illumination } from '../../../src/library/invariance/illumination.js';
import { meanOf, meanSimilarity } from '../../../src/library/invariance/invariance.js';
import { make as occlusion } from '../../../src/library/invariance/occlusion.js';
import { make as pattern } from '../../../src/library/invariance/pattern.js';
import { make as rotation } from '../../../src/library/invariance/rotation.js';
import { make as scaling } from '../../../src/library/invariance/scaling.js';
import type { Change, ChangedImage } from '../../../src/library/stage.js';
import { createRng } from '../../../src/tensor/rng.js';

const size = 20;
const noise = createRng(3, 'image');
const pixels = Float64Array.from({ length: size * size * 3 }, () => 0.2 + 0.6 * noise.uniform());
const image = (strength: number, more: Partial<ChangedImage> = {}): ChangedImage => ({
  pixels,
  size,
  strength,
  rng: createRng(7, 'changed', 0),
  ...more,
});
const strengths = [1, 2, 3, 4, 5];
const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;

/** An object that covers the middle, and half of its rim. */
const mask = Float64Array.from({ length: size * size }, (_, at) => {
  const [x, y] = [Math.abs((at % size) - 9.5), Math.abs(Math.floor(at / size) - 9.5)];
  return x < 5 && y < 5 ? 1 : x < 6 && y < 6 ? 0.5 : 0;
});

const changes: Readonly<Record<string, Change>> = {
  occlusion: occlusion({ share: { low: 0.1, high: 0.5 } }),
  background: background({ opacity: { low: 0.2, high: 1 } }),
  pattern: pattern({ opacity: { low: 0.15, high: 0.75 } }),
  illumination: illumination({ shade: { low: 0.2, high: 1 } }),
  scaling: scaling({ shrink: { low: 0.1, high: 0.5 } }),
  rotation: rotation({ angle: { low: 15, high: 75 } }),
};

for (const [name, change] of Object.entries(changes)) {
  it(`changes more at each strength, the same way each time: ${name}`, async () => {
    const all = () =>
      Promise.all(strengths.map((strength) => change.apply(image(strength, { mask }))));
    const made = await all();
    const again = await all();
    expect(again).toEqual(made);
    const away = made.map((changed) => distance(changed, pixels));
    expect(away[0]).toBeGreaterThan(0);
    // Noise has no more to lose when it is turned or shrunk further.
    if (name === 'rotation' || name === 'scaling') return;
    expect(away).toEqual([...away].sort((a, b) => a - b));
    const other = await change.apply({ ...image(3, { mask }), rng: createRng(8, 'changed', 0) });
    expect(other).not.toEqual(made[2]);
  });
}

it('covers the share that is asked for', async () => {
  for (const strength of strengths) {
    const made = (await changes.occlusion?.apply(image(strength))) ?? new Float64Array();
    const covered = made.filter((value) => value === 0.5).length / made.length;
    expect(Math.abs(covered - strength / 10)).toBeLessThan(0.035);
  }
});

it('puts a background behind what stood on white as if it had been drawn there', async () => {
  const object = pixels.map((value, at) => value * ((at % 3) / 4 + 0.5));
  const on = (behind: (at: number) => number) =>
    object.map((value, at) => {
      const covered = mask[Math.floor(at / 3)] ?? 0;
      return value * covered + behind(at) * (1 - covered);
    });
  const scene = pixels.map((value) => 1 - value);
  const given = { pixels: on(() => 1), mask, background: scene };
  const made = (await changes.background?.apply(image(5, given))) ?? new Float64Array();
  const wanted = on((at) => scene[at] ?? 0);
  for (const [at, value] of made.entries()) expect(value).toBeCloseTo(wanted[at] ?? 0, 12);
});

it('leaves what a pattern does not cover, and light as near as it gets', async () => {
  const covered = (await changes.pattern?.apply(image(5, { mask }))) ?? new Float64Array();
  expect(covered.filter((value, at) => value !== pixels[at]).length).toBeLessThan(12 * 12 * 3 + 1);
  const lit = (await changes.illumination?.apply(image(5))) ?? new Float64Array();
  for (const [at, value] of lit.entries()) expect(value).toBeLessThanOrEqual(pixels[at] ?? 0);
});

it('turns and shrinks about the middle', async () => {
  const quarter = await rotation({ angle: { low: 90, high: 90 } }).apply(image(1));
  const turns = [quarter, await rotation({ angle: { low: 180, high: 180 } }).apply(image(1))];
  const at = (of: Float64Array, row: number, column: number) => of[(row * size + column) * 3] ?? 0;
  const [once, twice] = turns;
  for (const [row, column] of [
    [0, 3],
    [5, 17],
  ] as const) {
    expect(at(twice ?? pixels, row, column)).toBeCloseTo(at(pixels, 19 - row, 19 - column), 9);
    const sides = [at(pixels, column, 19 - row), at(pixels, 19 - column, row)];
    const turned = at(once ?? pixels, row, column);
    expect(Math.min(...sides.map((side) => Math.abs(side - turned)))).toBeLessThan(1e-9);
  }
  const flat = pixels.map((_, place) => (place % 3) / 2);
  const half = scaling({ shrink: { low: 0.5, high: 0.5 } });
  const shrunk = await half.apply(image(1, { pixels: flat }));
  shrunk.forEach((value, place) => {
    expect(value).toBeCloseTo((place % 3) / 2, 12);
  });
});

it('compares features without what all of them share', () => {
  const features = Float32Array.from([10, 11, 10, 9, 11, 10, 9, 10]);
  const mean = meanOf(features, 2);
  expect([...mean]).toEqual([10, 10]);
  expect(meanSimilarity(features, features, mean, 2)).toBeCloseTo(1, 12);
  const opposite = features.map((value) => 20 - value);
  expect(meanSimilarity(features, opposite, mean, 2)).toBeCloseTo(-1, 12);
  const turned = Float32Array.from([11, 10, 9, 10, 10, 9, 10, 11]);
  expect(meanSimilarity(features, turned, mean, 2)).toBeCloseTo(0, 12);
});
