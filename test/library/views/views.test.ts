import { expect, it } from 'vitest';
import { openImages } from '../../../src/library/artifact/images.js';
import { make as cropOnly } from '../../../src/library/views/crop_only.js';
import { run as perturbed } from '../../../src/library/views/perturbed.js';
import { make as simclrViews } from '../../../src/library/views/simclr_views.js';
import { artifactOf, contextOf, croppedViews, size, syntheticImages } from '../synthetic.js';

const ranges = { scale: { low: 0.08, high: 1 }, ratio: { low: 0.75, high: 4 / 3 } };

it('describes two views by SimCLR at a strength and a size', () => {
  const { views } = simclrViews({
    size: 112,
    ...ranges,
    flip: 0.5,
    rotation: 0,
    jitter: 0.8,
    strength: 0.5,
    grayscale: 0.2,
    blur: 0.5,
    sigma: { low: 0.1, high: 2 },
  });
  expect(views).toHaveLength(2);
  expect(views[0]).toEqual(views[1]);
  expect(views[0]).toMatchObject({
    jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
    blur: { probability: 0.5, sigma: { low: 0.05, high: 1 } },
  });
});

it('describes crops and nothing else', () => {
  const { views } = cropOnly({ size: 32, ...ranges });
  expect(views).toHaveLength(2);
  expect(views[1]).toMatchObject({ crop: ranges, flip: 0, rotation: 0, grayscale: 0 });
});

const source = syntheticImages();
const original = openImages(source);

async function perturb(changes: { seed?: number; size?: number } = {}) {
  const { seed = 0, size: wanted = size } = changes;
  const views = { views: croppedViews.views.map((view) => ({ ...view, size: wanted })) };
  const context = contextOf({ source, views, split: 'test', seed });
  await perturbed(context);
  return { images: openImages(artifactOf(context.out, 'Images')), context };
}

it('changes one split and leaves the others as they are', async () => {
  const { images, context } = await perturb();
  expect(images.items).toEqual(original.items);
  expect(images.values).toEqual(original.values);
  let changed = 0;
  images.items.forEach((item, index) => {
    const same = Buffer.compare(images.image(index), original.image(index)) === 0;
    if (item.split !== 'test') expect(same, item.name).toBe(true);
    else if (!same) changed++;
  });
  expect(changed).toBeGreaterThan(0.8 * original.indicesOf('test').length);
  expect(context.reported.at(-1)).toMatchObject({ done: original.count, total: original.count });
});

it('changes the images by the seed, without normalising them', async () => {
  const [one, again, other] = [await perturb(), await perturb(), await perturb({ seed: 1 })];
  expect(again.images.pixels).toEqual(one.images.pixels);
  expect(other.images.pixels).not.toEqual(one.images.pixels);
  const mean = (pixels: Uint8Array) => pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
  expect(Math.abs(mean(one.images.pixels) - mean(original.pixels))).toBeLessThan(10);
});

it('resizes the other splits to the size of the views', async () => {
  const { images } = await perturb({ size: 8 });
  expect(images.size).toBe(8);
  expect(images.count).toBe(original.count);
});
