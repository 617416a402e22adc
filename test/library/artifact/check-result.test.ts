import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkResult } from '../../../src/library/artifact/check-result.js';
import { type NpyArray, writeNpy } from '../../../src/tensor/npy.js';
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
function said(type: string, { images, pairs, about = {}, item: changed = {} }: Left): string {
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
  return outcome(() => checkResult(type, folder));
}

function outcome(check: () => void): string {
  try {
    check();
    return 'fine';
  } catch (error) {
    if (!(error instanceof Error) || !('help' in error)) throw error;
    return `${error.message}. ${error.help}`.replace(/ Mend the stage.*/, '');
  }
}

const floats = (shape: readonly number[]): NpyArray => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const bytes = (shape: readonly number[]): NpyArray => ({
  shape,
  data: new Uint8Array(shape.reduce((a, b) => a * b, 1)),
});

it('takes images as they are documented', () => {
  expect(said('Images', {})).toBe('fine');
  expect(said('Files', { about: '' })).toBe('fine');
  expect(said('Images', { item: { attributes: { class: 'a', more: 'b' } } })).toBe('fine');
});

it('says what is wrong with pixels', () => {
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
  expect(wrong.map((images) => said('Images', { images })).join('\n')).toMatchInlineSnapshot(`
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

it('says what is wrong with names, splits and labels', () => {
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
    { item: { attributes: undefined } },
    { item: { attributes: {} } },
    { item: { attributes: { class: 'b' } } },
    { item: { attributes: { class: 1 } } },
    { item: { attributes: { class: 'a', more: null } } },
  ];
  expect(wrong.map((left) => said('Images', left)).join('\n')).toMatchInlineSnapshot(`
    "\`items.json\` is not there; the stage left images.npy.
    \`items.json\` has NaN as \`items\`, which is no number of JSON.
    \`items.json\` does not say \`"format": "ssp-images", "version": 1\`.
    \`items.json\` does not say \`"format": "ssp-images", "version": 1\`.
    \`items.json\` has no list \`items\`.
    \`items.json\` has no list as \`values.class\`.
    \`items.json\` has 0 in \`values.class\`, which is no text.
    \`items.json\` has no list \`sources\`; an empty one is fine.
    \`items.json\` gives two images the name "x": items 0 and 1. A name stands for one image: put the folder before it, such as "cat/IMG_0001.jpg".
    \`items.json\` gives item 1 no \`name\`.
    \`items.json\` gives item 1 ("y") no \`split\`. Each image is in one split, such as "train", "validation" or "test".
    \`items.json\` gives item 1 ("y") no \`split\`. Each image is in one split, such as "train", "validation" or "test".
    \`items.json\` gives item 1 ("y") no \`attributes\`.
    \`items.json\` gives item 1 ("y") no \`class\`.
    \`items.json\` gives item 1 ("y") the \`class\` "b", which is not in \`values\`.
    \`items.json\` gives item 1 ("y") the \`class\` 1, which is no text. Labels are texts: "1".
    \`items.json\` gives item 1 ("y") the \`more\` null, which is no text."
  `);
});

it('says what is wrong with pairs', () => {
  const places = (...data: number[]): NpyArray => ({
    shape: [data.length / 2, 2],
    data: Int32Array.from(data),
  });
  expect(said('Pairs', { pairs: places(0, 1, 2, 2) })).toBe('fine');
  const wrong: readonly Left[] = [
    {},
    { pairs: places() },
    { pairs: places(0, 1, 2, 3) },
    { pairs: places(-1, 0) },
    { pairs: floats([1, 2]) },
    { pairs: bytes([2, 3]) },
    { pairs: places(0, 1), item: { name: 'x' } },
  ];
  expect(wrong.map((left) => said('Pairs', left)).join('\n')).toMatchInlineSnapshot(`
    "\`pairs.npy\` is not there; the stage left images.npy, items.json.
    \`pairs.npy\` holds no pairs.
    \`pairs.npy\` names image 3 in pair 1, but there are 3 images. Pairs hold the places of images, from 0.
    \`pairs.npy\` names image -1 in pair 0, but there are 3 images. Pairs hold the places of images, from 0.
    \`pairs.npy\` holds float32 of shape (1, 2), not int32 pairs of shape (m, 2).
    \`pairs.npy\` holds uint8 of shape (2, 3), not int32 pairs of shape (m, 2). Give int32: pairs.astype("int32").
    \`items.json\` gives two images the name "x": items 0 and 1. A name stands for one image: put the folder before it, such as "cat/IMG_0001.jpg"."
  `);
});
