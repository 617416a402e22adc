import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../src/base/files/npy.js';
import { checkResult } from '../../../src/library/artifact/check-result.js';
import { openFeatures } from '../../../src/library/artifact/features.js';
import { openImages } from '../../../src/library/artifact/images.js';
import { make as pixels } from '../../../src/library/backbone/pixels.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { run as embed } from '../../../src/library/probe/embed.js';
import type { EncoderArtifact } from '../../../src/library/stage.js';
import { run as randomInit } from '../../../src/library/train/random_init.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { tf } from '../../../src/tensor/tf.js';
import {
  artifactOf,
  contextOf,
  encoderOf,
  featuresOf,
  freshFolder,
  pixelsOf,
  size,
  syntheticImages,
} from '../synthetic.js';

const on = syntheticImages();
const images = openImages(on);
const backbone = pixels({ size });
const d = size * size * 3;
let encoder: EncoderArtifact;

beforeAll(async () => {
  loadTensorFlow({ threads: 2 });
  const context = contextOf({ backbone, seed: 0 });
  await randomInit(context);
  encoder = encoderOf(context.out, backbone);
});

it('writes the features of all images in their order', async () => {
  const features = await featuresOf(encoder, on);
  const { shape, data } = readNpy(features.file('features.npy'));
  expect(shape).toEqual([images.count, d]);
  expect(Array.from(data)).toEqual(
    Array.from(pixelsOf(images), (value) => Math.fround(Math.fround(value) / 255)),
  );
  const again = await featuresOf(encoder, on);
  expect(readFileSync(again.file('features.npy'))).toEqual(
    readFileSync(features.file('features.npy')),
  );
  expect(await checkResult('Features', join(features.file('features.npy'), '..'), 1)).toEqual({
    images: images.count,
    features: d,
  });
});

it('remarks the stem of ImageNet on small images, unless the encoder was trained on them', async () => {
  const network = resnet18({ width: 4, stem: 'imagenet', zero_init_residual: false });
  const described = {
    describe: 'std.backbone.resnet18',
    args: { width: 4, stem: 'imagenet', zero_init_residual: false },
  };
  const made = contextOf({ backbone: network, seed: 0 }, { resolved: { backbone: described } });
  await randomInit(made);
  const remarks = async () => {
    const context = contextOf({ encoder: encoderOf(made.out, network), on });
    await embed(context);
    return context.remarked;
  };
  expect(await remarks()).toEqual([
    `the stem of \`resnet18\` is ImageNet's: of an image of ${size} px its last stage sees 1 x 1 places; \`stem: "small"\` is made for images of up to 32 px, and for weights of larger ones images are resized by \`size\`, as in \`pretrained(…, size: 224px)\``,
  ]);
  const path = join(made.out, 'encoder.json');
  const about = JSON.parse(readFileSync(path, 'utf8'));
  const told = (steps: number, seen: number) =>
    writeFileSync(path, JSON.stringify({ ...about, steps, input: { ...about.input, size: seen } }));
  // The training has remarked it.
  told(10, size);
  expect(await remarks()).toEqual([]);
  told(0, 64);
  expect(await remarks()).toEqual([]);
});

it('gives the rows that are asked for, in their order', async () => {
  const features = openFeatures(await featuresOf(encoder, on), images, on);
  const whole = features.at(Int32Array.from(images.items.keys()));
  const asked = [3, 4, 5, 1, 40, 41, 0];
  expect(Array.from(features.at(Int32Array.from(asked)))).toEqual(
    asked.flatMap((row) => Array.from(whole.subarray(row * d, (row + 1) * d))),
  );
});

it('refuses features that are not finite, and names the image', async () => {
  const broken: EncoderArtifact = {
    ...encoder,
    backbone: {
      ...backbone,
      apply: (weights, x) => ({
        features: tf.div(backbone.apply(weights, x).features, 0),
        stats: {},
      }),
    },
  };
  await expect(featuresOf(broken, on)).rejects.toMatchObject({
    code: 'bad-features',
    message: expect.stringMatching(/^the encoder gives \S+ as feature 0 of image "square-0-ada"$/),
  });
});

it('refuses features of other images, and files that hold something else', async () => {
  const features = await featuresOf(encoder, on);
  const other = syntheticImages();
  expect(() => openFeatures(features, openImages(other), other)).toThrow(
    '`features.npy` holds features of other images than those given, 72 of each',
  );
  const few = syntheticImages(4);
  expect(() => openFeatures(features, openImages(few), few)).toThrow(
    '`features.npy` holds features of 72 images, but there are 36',
  );
  const folder = freshFolder();
  writeNpy(join(folder, 'features.npy'), { shape: [2, 2], data: new Int32Array(4) });
  await expect(checkResult('Features', folder, 1)).rejects.toMatchObject({
    code: 'bad-artifact',
    message: '`features.npy` holds int32 of shape (2, 2), not float32 of shape (n, d)',
  });
  const own = freshFolder();
  const data = new Float32Array(72).fill(1);
  data[70] = Number.NaN;
  writeNpy(join(own, 'features.npy'), { shape: [72, 1], data });
  writeFileSync(join(own, 'notes.txt'), 'whatever else');
  const { at } = openFeatures(artifactOf(own, 'Features'), images, on);
  expect(Array.from(at(Int32Array.of(69, 71)))).toEqual([1, 1]);
  expect(() => at(Int32Array.of(70))).toThrow(/there is NaN as feature 0 of image "stripes-7-/);
});
