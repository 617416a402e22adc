import { expect, it } from 'vitest';
import { compile } from '../../../src/language/compile.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { make as byolViews } from '../../../src/library/views/byol_views.js';
import { make as cropOnly } from '../../../src/library/views/crop_only.js';
import { make as dinoViews } from '../../../src/library/views/dino_views.js';
import { make as mocoViews } from '../../../src/library/views/moco_views.js';
import { make as multiCrop } from '../../../src/library/views/multi_crop.js';
import { run as perturbed } from '../../../src/library/views/perturbed.js';
import { make as pirlViews } from '../../../src/library/views/pirl_views.js';
import { make as simclrViews } from '../../../src/library/views/simclr_views.js';
import { make as swavViews } from '../../../src/library/views/swav_views.js';
import {
  artifactOf,
  contextOf,
  croppedViews,
  pixelsOf,
  size,
  syntheticImages,
} from '../synthetic.js';

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

it('blurs as official codes do at every size where sigma is as the documentation has it', () => {
  const sigmaAt = (size: number, low: number, high: number) => {
    const { views } = simclrViews({ ...defaults, blur: 0.5, size, sigma: { low, high } });
    return views[0]?.blur.sigma;
  };
  const pixels = { low: expect.closeTo(0.1, 9), high: expect.closeTo(2, 9) };
  expect(sigmaAt(32, 0.7, 14)).toEqual(pixels);
  expect(sigmaAt(64, 0.35, 7)).toEqual(pixels);
  const text =
    'import std.views.simclr_views\n\ntransform views = simclr_views(size: 32px, sigma: 0.7..14.0)\n';
  expect(
    compile({ readText: () => text }, 'blur.ssp').diagnostics.filter(
      ({ severity }) => severity === 'error',
    ),
  ).toEqual([]);
});

it('describes crops and nothing else', () => {
  const { views } = cropOnly({ size: 32, ...ranges });
  expect(views).toHaveLength(2);
  expect(views[1]).toMatchObject({ crop: ranges, flip: 0, rotation: 0, grayscale: 0 });
});

/** What `stdlib/views.ssp` gives by default. */
const defaults = {
  ...ranges,
  flip: 0.5,
  rotation: 0,
  jitter: 0.8,
  strength: 1,
  grayscale: 0.2,
  sigma: { low: 0.1, high: 2 },
};

it('describes the image and the larger part of PIRL, whose colours always change', () => {
  const { views } = pirlViews({
    ...defaults,
    jitter: 1,
    size: 224,
    patches_size: 255,
    patches_scale: { low: 0.6, high: 1 },
  });
  expect(views.map((view) => [view.size, view.crop?.scale.low])).toEqual([
    [224, 0.08],
    [255, 0.6],
  ]);
  for (const view of views)
    expect(view).toMatchObject({
      jitter: { probability: 1, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2 },
      flip: 0.5,
      grayscale: 0.2,
      blur: { probability: 0 },
      solarise: { probability: 0 },
      normalise: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    });
});

it('describes the two views of BYOL, which differ in blur and solarisation', () => {
  const { views } = byolViews({ ...defaults, size: 112, blur: 1, second_blur: 0.1, solarise: 0.2 });
  expect(views).toHaveLength(2);
  for (const view of views) {
    expect(view).toMatchObject({
      filter: 'bicubic',
      jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.2, hue: 0.1 },
      blur: { sigma: { low: 0.05, high: 1 } },
      normalise: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    });
  }
  expect(views.map((view) => [view.blur.probability, view.solarise.probability])).toEqual([
    [1, 0],
    [0.1, 0.2],
  ]);
});

it('describes the two views of MoCo v2', () => {
  const { views } = mocoViews({ ...defaults, size: 224, blur: 0.5 });
  expect(views).toHaveLength(2);
  expect(views[0]).toEqual(views[1]);
  expect(views[0]).toMatchObject({
    filter: 'bilinear',
    jitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
    blur: { probability: 0.5, sigma: { low: 0.1, high: 2 } },
    solarise: { probability: 0 },
  });
});

it('describes the multi-crops of DINO and SwAV', () => {
  const crops = {
    size: 224,
    local_size: 96,
    scale: { low: 0.4, high: 1 },
    local_scale: { low: 0.05, high: 0.4 },
  };
  const dino = dinoViews({ ...defaults, ...crops, locals: 8, solarise: 0.2 }).views;
  expect(dino.map(({ size }) => size)).toEqual([224, 224, ...Array(8).fill(96)]);
  expect(dino.map(({ blur }) => blur.probability)).toEqual([1, 0.1, ...Array(8).fill(0.5)]);
  expect(dino.map(({ solarise }) => solarise.probability)).toEqual([0, 0.2, ...Array(8).fill(0)]);
  expect(dino[9]).toMatchObject({
    crop: { scale: crops.local_scale },
    blur: { sigma: { low: 0.1, high: 2 } },
  });
  const swav = swavViews({ ...defaults, ...crops, locals: 6, blur: 0.5 }).views;
  expect(swav.map(({ size }) => size)).toEqual([224, 224, ...Array(6).fill(96)]);
  expect(swav[7]).toMatchObject({
    filter: 'bilinear',
    crop: { scale: crops.local_scale },
    jitter: { brightness: 0.8, contrast: 0.8, saturation: 0.8, hue: 0.2 },
  });
});

it('adds the views of another pipeline in turn', () => {
  const blurred = { ...defaults, blur: 1, second_blur: 0.1, solarise: 0.2 };
  const globals = byolViews({ ...blurred, size: 64 });
  const locals = byolViews({ ...blurred, size: 32 });
  const { views } = multiCrop({ globals, locals, count: 3 });
  expect(views).toEqual([...globals.views, ...locals.views, locals.views[0]]);
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
  expect(pixelsOf(again.images)).toEqual(pixelsOf(one.images));
  expect(pixelsOf(other.images)).not.toEqual(pixelsOf(one.images));
  const mean = (pixels: Uint8Array) => pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
  expect(Math.abs(mean(pixelsOf(one.images)) - mean(pixelsOf(original)))).toBeLessThan(10);
});

it('resizes the other splits to the size of the views', async () => {
  const { images } = await perturb({ size: 8 });
  expect(images.size).toBe(8);
  expect(images.count).toBe(original.count);
});
