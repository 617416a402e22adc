import { beforeAll, expect, it } from 'vitest';
import { run } from '../../../src/library/probe/clustering.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, imagesOf } from '../synthetic.js';
import { pixelProbe } from './pixel-probe.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const paramsOf = pixelProbe({
  label: 'class',
  split: 'test',
  clusters: null,
  spherical: true,
  restarts: 3,
  iterations: 300,
  seed: 0,
});
const coloured = (...rows: readonly string[]) =>
  imagesOf(
    rows.map((row) => {
      const [name = '', level = ''] = row.split(' ');
      return { split: 'test', class: name, pixels: [Number(level), 30, 255 - Number(level)] };
    }),
  );

it('finds classes that lie apart, as many as there are', async () => {
  const on = coloured('a 10', 'b 220', 'a 14', 'b 228', 'c 120', 'c 124');
  const context = contextOf(await paramsOf({ on }));
  const { metrics, facts } = await run(context);
  expect(metrics).toEqual({ nmi: expect.closeTo(1, 10), ari: 1, accuracy: 1 });
  expect(facts).toEqual({ 'images asked': 6, classes: 3, clusters: 3, runs: 3 });
  expect(context.remarked).toEqual([]);
  const two = await run(contextOf(await paramsOf({ on, clusters: 2, spherical: false })));
  expect(two.metrics?.accuracy).toBeCloseTo(4 / 6, 10);
});

it('says that clusters are empty where images look alike, and that it has not come to an end', async () => {
  const on = coloured('a 9', 'b 9', 'c 9', 'c 9');
  const context = contextOf(await paramsOf({ on, iterations: 1 }));
  expect((await run(context)).metrics).toEqual({ nmi: 0, ari: 0, accuracy: 0.5 });
  expect(context.remarked).toEqual([
    'all 4 images of split `test` have the same features: the encoder has collapsed',
    'the best of 3 runs of k-means still changed after 1 iterations: give more `iterations`',
    '2 of the 3 clusters have no image: the features tell fewer apart',
  ]);
});

it('refuses one class, and more clusters than images', async () => {
  const one = coloured('a 9', 'a 90');
  await expect(run(contextOf(await paramsOf({ on: one })))).rejects.toMatchObject({
    code: 'one-class',
  });
  const on = coloured('a 9', 'b 90');
  await expect(run(contextOf(await paramsOf({ on, clusters: 3 })))).rejects.toMatchObject({
    code: 'too-few-images',
    message: '`clusters` is 3, but split `test` has 2 images',
    help: 'Give `clusters: 2` or less, or a split with more images.',
  });
});
