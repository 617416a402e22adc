import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readMatFile } from '../../../../src/library/data/published/mat-file.js';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/data/${name}`, import.meta.url));

it.each(['meta.mat', 'meta-plain.mat'])('reads the structs of %s as SciPy wrote them', (name) => {
  const { synsets } = readMatFile(fixture(name));
  expect(synsets).toHaveLength(4);
  expect(synsets?.[2]).toMatchObject({
    ILSVRC2012_ID: [3],
    WNID: 'n01440764',
    words: 'tench, Tinca tinca',
    gloss: 'a fish',
    num_children: [0],
    children: [],
    num_train_images: [1300],
  });
  expect(synsets?.[3]).toMatchObject({ children: [1, 2], wordnet_height: [19] });
});

it('says that bytes are something else', () => {
  expect(() => readMatFile(Buffer.alloc(200))).toThrow('no MATLAB 5 file');
  expect(() => readMatFile(fixture('meta-plain.mat').subarray(0, 1000))).toThrow('cut off');
});
