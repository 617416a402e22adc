import { expect, it } from 'vitest';
import { lay, layAtRandom, objectInputs } from '../../../src/library/detect/training-images.js';
import { canvasesOf, canvasInputs } from '../../../src/tensor/detect/canvas.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { pick } from '../../../src/tensor/named-tensors.js';

loadTensorFlow({ threads: 2 });

const object = { class: 2, difficult: false, truncated: false };
/** A file of 8 x 4, stored at half its size in a square of 4. */
const image = {
  width: 8,
  height: 4,
  place: [0, 0, 4, 2] as const,
  objects: [
    { ...object, box: [0, 0, 4, 4] as const },
    { ...object, box: [8, 0, 9, 4] as const },
  ],
};
const normalise = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

it('lays images and their boxes alike, mirrored too, and leaves out what is outside', () => {
  const laid = [lay(image), lay(image, 1, true), lay(image, 0.5)];
  const { boxes, there } = objectInputs([image, image, image], laid, 2);
  expect([...(boxes?.dataSync() ?? [])]).toEqual(
    [
      [0, 0, 2, 2, 0, 0, 0, 0],
      [2, 0, 4, 2, 0, 0, 0, 0],
      [0, 0, 1, 1, 0, 0, 0, 0],
    ].flat(),
  );
  expect([...(there?.dataSync() ?? [])]).toEqual([1, 0, 1, 0, 1, 0]);
  // The left half of the image is white, the right half and what is beside it black.
  const pixels = Uint8Array.from({ length: 4 * 4 * 3 }, (_, at) =>
    Math.floor(at / 3) % 4 < 2 && at < 2 * 4 * 3 ? 255 : 0,
  );
  const all = Uint8Array.from([...pixels, ...pixels]);
  const inputs = canvasInputs(all, laid.slice(0, 2), { from: 4, to: 4 });
  const { x, extents } = canvasesOf(inputs, normalise);
  const row = (index: number, y: number) =>
    Array.from({ length: 4 }, (_, column) => 0 + (x.arraySync()[index]?.[y]?.[column]?.[0] ?? 9));
  expect(row(0, 1)).toEqual([1, 1, -1, -1]);
  expect(row(1, 1)).toEqual([-1, -1, 1, 1]);
  expect(row(0, 2)).toEqual([0, 0, 0, 0]);
  expect([...extents.dataSync()]).toEqual([2, 4, 2, 4]);
  expect(pick(inputs, 'planes').shape).toEqual([2, 3, 4, 4]);
});

it('draws sizes and mirroring by the step alone', () => {
  const at = (step: number) =>
    layAtRandom([image, image, image, image], { low: 0.5, high: 1 }, { seed: 1, step });
  expect(at(3)).toEqual(at(3));
  expect(at(3)).not.toEqual(at(4));
  expect(new Set(at(3).map(({ mirrored }) => mirrored)).size).toBeGreaterThan(0);
});
