import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readNpy } from '../../../../src/base/files/npy.js';
import { copyPixels } from '../../../../src/library/data/published/record-file.js';

const fixture = (name: string): string =>
  new URL(`../../../fixtures/data/${name}`, import.meta.url).pathname;

it.each([
  ['cifar', { size: 32, labels: 0, order: 'rows' }],
  ['stl', { size: 96, labels: 0, order: 'columns' }],
] as const)('has the pixels of %s as torchvision reads them', (name, form) => {
  const { data, shape } = readNpy(fixture(`${name}-pixels.npy`), name);
  expect(shape).toEqual([1, form.size, form.size, 3]);
  const pixels = new Uint8Array(data.length);
  copyPixels(readFileSync(fixture(`${name}-planes.bin`)), form, pixels);
  expect(pixels).toEqual(data);
});
