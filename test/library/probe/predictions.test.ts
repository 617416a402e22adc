import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readNpy } from '../../../src/base/files/npy.js';
import { run as fewShot } from '../../../src/library/probe/few_shot.js';
import { run as knnProbe } from '../../../src/library/probe/knn_probe.js';
import { run as linearProbe } from '../../../src/library/probe/linear_probe.js';
import { run as retrieval } from '../../../src/library/probe/retrieval.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({
  label: 'class',
  train: 'train',
  validation: 'train',
  test: 'test',
  split: 'test',
  apart: 'artist',
  penalties: [0.1],
  held_out: 0.2,
  k: 1,
  temperature: 0.07,
  shots: 1,
  draws: 3,
  seed: 0,
});

/** `train a ada 10`: an image of that split, class, artist and shade. */
const coloured = (...rows: readonly string[]) =>
  imagesOf(
    rows.map((row) => {
      const [split = '', name = '', artist = '', level = ''] = row.split(' ');
      return { split, class: name, artist, pixels: [Number(level), 30, 255 - Number(level)] };
    }),
  );

// Of the test images the second is of a class that training does not know.
const on = coloured(
  'test b ada 200',
  'train a ada 10',
  'test c bea 12',
  'train b bea 210',
  'test b bea 190',
  'test c ada 205',
);

function kept(folder: string) {
  const { shape, data } = readNpy(join(folder, 'predictions.npy'));
  const columns = shape[1] ?? 0;
  const rows = Array.from({ length: shape[0] ?? 0 }, (_, row) => [
    ...data.subarray(row * columns, (row + 1) * columns),
  ]);
  return { rows, about: readFileSync(join(folder, 'predictions.json'), 'utf8') };
}

it('keeps what each probe predicts of each image that it was asked, in one form', async () => {
  const params = await paramsOf({ on });
  const [linear, knn, few] = [contextOf(params), contextOf(params), contextOf(params)];
  await linearProbe(linear);
  await knnProbe(knn);
  await fewShot(few);
  // Place of the image, its label, the predicted one; `values` are b, a, c.
  const expected = [
    [0, 0, 0],
    [2, 2, 1],
    [4, 0, 0],
    [5, 2, 0],
  ];
  expect(kept(linear.out).rows).toEqual(expected);
  expect(kept(knn.out).rows).toEqual(expected);
  const three = expected.map(([image, label, predicted]) => [
    image,
    label,
    ...[predicted, predicted, predicted],
  ]);
  expect(kept(few.out).rows).toEqual(three);
  expect(JSON.parse(kept(linear.out).about)).toEqual({
    format: 'ssp-predictions',
    version: 1,
    of: on.digest,
    split: 'test',
    label: 'class',
    values: ['b', 'a', 'c'],
  });
  expect(kept(knn.out).about).toBe(kept(linear.out).about);
  expect(kept(few.out).about).toBe(kept(linear.out).about);
});

it('keeps of retrieval the class of the nearest, of the images that have a counterpart', async () => {
  const some = coloured('test z ada 90', 'test a ada 10', 'test b bea 12', 'test a bea 190');
  const context = contextOf(await paramsOf({ on: some }));
  await retrieval(context);
  const { rows, about } = kept(context.out);
  expect(rows).toEqual([
    [1, 1, 2],
    [3, 1, 0],
  ]);
  expect(JSON.parse(about)).toMatchObject({ apart: 'artist', values: ['z', 'a', 'b'] });
});
