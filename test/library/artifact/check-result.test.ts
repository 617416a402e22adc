import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SspError } from '../../../src/base/errors.js';
import { type NpyArray, writeNpy } from '../../../src/base/files/npy.js';
import { type StoredTensor, writeSafetensors } from '../../../src/base/files/safetensors.js';
import { checkResult } from '../../../src/library/artifact/check-result.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { toTorch } from '../../../src/tensor/networks/torch-layout.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { freshFolder } from '../synthetic.js';

interface Left {
  readonly images?: NpyArray | Buffer;
  readonly pairs?: NpyArray;
  /** Changes of `items.json`, or its text. */
  readonly about?: object | string;
  /** Changes of the second of three images. */
  readonly item?: object;
}

const item = (name: string) => ({ name, split: 'train', attributes: { class: 'a' } });

/** What is said of a folder with three images, or that all is well. */
function said(
  type: string,
  { images, pairs, about = {}, item: changed = {} }: Left,
): Promise<string> {
  const folder = freshFolder();
  const path = join(folder, 'images.npy');
  if (Buffer.isBuffer(images)) writeFileSync(path, images);
  else writeNpy(path, images ?? { shape: [3, 2, 2, 3], data: new Uint8Array(36) });
  const items = [item('x'), { ...item('y'), ...changed }, item('z')];
  const file = { format: 'ssp-images', version: 1, values: { class: ['a'] }, sources: [], items };
  const text = typeof about === 'string' ? about : JSON.stringify({ ...file, ...about });
  writeFileSync(join(folder, 'items.json'), text);
  if (pairs) writeNpy(join(folder, 'pairs.npy'), pairs);
  if (about === '') rmSync(join(folder, 'items.json'));
  return outcome(checkResult(type, folder, 2));
}

async function outcome(check: Promise<unknown>): Promise<string> {
  try {
    await check;
    return 'fine';
  } catch (error) {
    if (!(error instanceof Error) || !('help' in error)) throw error;
    return `${error.message}. ${error.help}`.replace(/ Mend the stage.*/, '');
  }
}

const all = async (lines: readonly Promise<string>[]) => (await Promise.all(lines)).join('\n');

const floats = (shape: readonly number[]): NpyArray => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const bytes = (shape: readonly number[]): NpyArray => ({
  shape,
  data: new Uint8Array(shape.reduce((a, b) => a * b, 1)),
});

it('takes images as they are documented', async () => {
  expect(await said('Images', {})).toBe('fine');
  expect(await said('Files', { about: '' })).toBe('fine');
});

it('says what is wrong with pixels', async () => {
  const wrong = [
    floats([3, 2, 2, 3]),
    bytes([3, 2, 2]),
    bytes([3, 3, 2, 2]),
    bytes([3, 2, 2, 4]),
    bytes([3, 2, 4, 3]),
    bytes([2, 2, 2, 3]),
    bytes([0, 2, 2, 3]),
    Buffer.from('a picture'),
  ];
  expect(await all(wrong.map((images) => said('Images', { images })))).toMatchInlineSnapshot(`
    "\`images.npy\` holds float32 of shape (3, 2, 2, 3), not uint8 images of shape (n, size, size, 3). Give numbers from 0 to 255: (255 * x).round().astype("uint8").
    \`images.npy\` holds uint8 of shape (3, 2, 2), not uint8 images of shape (n, size, size, 3). Grey images have three equal channels: numpy.stack([x] * 3, -1).
    \`images.npy\` holds uint8 of shape (3, 3, 2, 2), not uint8 images of shape (n, size, size, 3). Channels come last: x.transpose(0, 2, 3, 1).
    \`images.npy\` holds uint8 of shape (3, 2, 2, 4), not uint8 images of shape (n, size, size, 3). Leave the alpha channel out: x[..., :3].
    \`images.npy\` holds uint8 of shape (3, 2, 4, 3), not uint8 images of shape (n, size, size, 3).
    \`images.npy\` holds 2 images, but items.json names 3.
    \`images.npy\` holds 0 images, but items.json names 3.
    images.npy is not a NumPy file. Write it again: run the stage that made it, or export it with numpy.save."
  `);
});

it('says what is wrong with names, splits and labels', async () => {
  const wrong: readonly Left[] = [
    { about: '' },
    { about: '{"items": NaN}' },
    { about: '[]' },
    { about: { version: 2 } },
    { about: { items: undefined } },
    { about: { values: { class: 'a' } } },
    { about: { values: { class: [0, 1] } } },
    { about: { sources: undefined } },
    { item: { name: 'x' } },
    { item: { name: 7 } },
    { item: { split: undefined } },
    { item: { split: '' } },
    { item: { split: 0 } },
    { item: { attributes: undefined } },
    { item: { attributes: {} } },
    { item: { attributes: { class: 'b' } } },
    { item: { attributes: { class: 1 } } },
    { item: { attributes: { class: 'a', more: null } } },
    { item: { attributes: { class: 'a', more: 'b' } } },
    { about: { values: { class: ['a', 'b', 'a'] } } },
  ];
  expect(await all(wrong.map((left) => said('Images', left)))).toMatchInlineSnapshot(`
    "\`items.json\` is not there; the stage left images.npy.
    \`items.json\` has NaN as \`items\`, which is no number of JSON.
    \`items.json\` does not say \`"format": "ssp-images", "version": 1\`.
    \`items.json\` does not say \`"format": "ssp-images", "version": 1\`.
    \`items.json\` has no list \`items\`.
    \`items.json\` has no list as \`values.class\`.
    \`items.json\` has 0 in \`values.class\`, which is no text. Names and labels are texts: "0".
    \`items.json\` has no list \`sources\`; an empty one is fine.
    \`items.json\` gives two images the name "x": items 0 and 1. A name stands for one image: put the folder before it, such as "cat/IMG_0001.jpg".
    \`items.json\` gives item 1 the \`name\` 7, which is no text. Names and labels are texts: "7".
    \`items.json\` gives item 1 ("y") no \`split\`. Each image is in one split, such as "train", "validation" or "test".
    \`items.json\` gives item 1 ("y") no \`split\`. Each image is in one split, such as "train", "validation" or "test".
    \`items.json\` gives item 1 ("y") the \`split\` 0, which is no text. Names and labels are texts: "0".
    \`items.json\` gives item 1 ("y") no \`attributes\`.
    \`items.json\` gives item 1 ("y") no \`class\`.
    \`items.json\` gives item 1 ("y") the \`class\` "b", which is not in \`values\`.
    \`items.json\` gives item 1 ("y") the \`class\` 1, which is no text. Names and labels are texts: "1".
    \`items.json\` gives item 1 ("y") the \`more\` null, which is no text.
    \`items.json\` gives item 1 ("y") the attribute \`more\`, which is not in \`values\`. \`values\` has for each attribute the list of its labels, in their order.
    \`items.json\` has "a" twice in \`values.class\`."
  `);
});

it('says what is wrong with pairs', async () => {
  const places = (...data: number[]): NpyArray => ({
    shape: [data.length / 2, 2],
    data: Int32Array.from(data),
  });
  expect(await said('Pairs', { pairs: places(0, 1, 2, 2) })).toBe('fine');
  const wrong: readonly Left[] = [
    {},
    { pairs: places() },
    { pairs: places(0, 1, 2, 3) },
    { pairs: places(-1, 0) },
    { pairs: floats([1, 2]) },
    { pairs: bytes([2, 3]) },
    { pairs: places(0, 1), item: { name: 'x' } },
  ];
  expect(await all(wrong.map((left) => said('Pairs', left)))).toMatchInlineSnapshot(`
    "\`pairs.npy\` is not there; the stage left images.npy, items.json.
    \`pairs.npy\` holds no pairs.
    \`pairs.npy\` names image 3 in pair 1, but there are 3 images. Pairs hold the places of images, from 0.
    \`pairs.npy\` names image -1 in pair 0, but there are 3 images. Pairs hold the places of images, from 0.
    \`pairs.npy\` holds float32 of shape (1, 2), not int32 pairs of shape (m, 2).
    \`pairs.npy\` holds uint8 of shape (2, 3), not int32 pairs of shape (m, 2). Give int32: pairs.astype("int32").
    \`items.json\` gives two images the name "x": items 0 and 1. A name stands for one image: put the folder before it, such as "cat/IMG_0001.jpg"."
  `);
});

it('says where it is written what an encoder and features are', async () => {
  const lacking = async (type: string) => {
    const failed = await checkResult(type, freshFolder(), 2).catch((error: unknown) => error);
    return failed instanceof SspError ? failed.help : failed;
  };
  expect(await lacking('Encoder')).toContain('“Encoders in stages of your own”');
  expect(await lacking('Features')).toContain('“Features of your own”');
});

it('says what is wrong with an encoder', async () => {
  loadTensorFlow({ threads: 2 });
  const args = { width: 2, stem: 'small', zero_init_residual: false } as const;
  const { trained, stats } = resnet18(args).init(createRng(1));
  const tensors = tf.tidy(() => {
    const named = Object.entries(toTorch({ ...trained, ...stats }));
    return named.map(([name, tensor]) => {
      return [name, { shape: tensor.shape, data: tensor.dataSync<'float32'>() }] as const;
    });
  });
  const description = {
    ...{ version: 1, network: 'resnet18', arguments: args, names: 'torchvision', features: 16 },
    input: { size: null, normalise: { mean: [0, 0, 0], std: [1, 1, 1] } },
  };
  type Change = (
    name: string,
    tensor: StoredTensor,
  ) => readonly (readonly [string, StoredTensor])[];
  const said = (about: object | string, change: Change = (...tensor) => [tensor]) => {
    const folder = freshFolder();
    const text = typeof about === 'string' ? about : JSON.stringify({ ...description, ...about });
    writeFileSync(join(folder, 'encoder.json'), text);
    const changed = tensors.flatMap(([name, tensor]) => change(name, tensor));
    writeSafetensors(join(folder, 'encoder.safetensors'), Object.fromEntries(changed));
    return outcome(checkResult('Encoder', folder, 2));
  };
  const one =
    (wanted: string, values: (tensor: StoredTensor) => StoredTensor | undefined): Change =>
    (name, tensor) => {
      const changed = name === wanted ? values(tensor) : tensor;
      return changed ? [[name, changed]] : [];
    };
  expect(await said({})).toBe('fine');
  const old = { format: 'ssp-encoder/1', version: undefined, network: undefined };
  const backbone = { describe: 'std.backbone.resnet18', version: 1, args };
  expect(await said({ ...old, arguments: undefined, backbone })).toBe('fine');
  const wrong = [
    said('{not json'),
    said({ version: 2 }),
    said({ network: '../../x' }),
    said({ network: 'resnet19' }),
    said({ arguments: [] }),
    said({ arguments: { width: 'two', stem: 'small' } }),
    said({ arguments: { ...args, width: 4 } }),
    said({ arguments: { ...args, stem: 'large' } }),
    said({ arguments: { ...args, depth: 18 } }),
    said({ network: 'vit_s', arguments: { patch: 8 } }),
    said({ arguments: { width: 2, stem: 'small' } }),
    said({ features: 512 }),
    said({ features: '16' }),
    said({ input: undefined }),
    said({ input: { size: 0, normalise: description.input.normalise } }),
    said({ input: { size: 8, normalise: { mean: [0, 0, 0], std: [1, 0, 1] } } }),
    said(
      {},
      one('layer1.0.bn1.weight', () => undefined),
    ),
    said(
      {},
      one('bn1.bias', ({ shape }) => ({ shape, data: Float32Array.of(0, Number.NaN) })),
    ),
    said(
      {},
      one('bn1.running_var', ({ shape }) => ({ shape, data: Float32Array.of(1, -1) })),
    ),
    said({}, (name, tensor) => [
      [name, tensor],
      ['fc.bias', { shape: [1], data: Float32Array.of(1) }],
    ]),
  ];
  expect(await all(wrong)).toMatchInlineSnapshot(`
    "\`encoder.json\` is no JSON, or is cut off. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` does not say \`"version": 1\`. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` names no network of \`std.backbone\` as \`network\`. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` names the network \`resnet19\`, which this version of ssp does not have. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has no \`arguments\` of its network. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has "two" as the argument \`width\` of resnet18, not Int(1..). It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` says 16 features, but its network makes 32. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has "large" as the argument \`stem\` of resnet18, not "imagenet" | "small" | "small-half". It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has an argument \`depth\` of resnet18, which takes width, stem, zero_init_residual. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has no argument \`image\` of vit_s. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has no argument \`zero_init_residual\` of resnet18. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` says 512 features, but its network makes 16. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has no length of the features as \`features\`. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has no \`input\`, the size and normalisation of images. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has no number of pixels, or null, as \`input.size\`. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.json\` has no three numbers above 0 as \`input.normalise.std\`. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.safetensors\` has no tensor layer1.0.bn1.weight. It is for another network, or damaged: mend the stage that wrote it.
    \`encoder.safetensors\` has NaN in tensor bn1.bias. A training that diverged leaves such numbers: take a checkpoint from before.
    \`encoder.safetensors\` has -1 in tensor bn1.running_var, which is a variance. A training that diverged leaves such numbers: take a checkpoint from before.
    \`encoder.safetensors\` has a tensor fc.bias that its network lacks. It is for another network, or damaged: mend the stage that wrote it."
  `);
});
