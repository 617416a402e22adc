import { expect, it } from 'vitest';
import { remarkCollapse } from '../../../src/library/artifact/features.js';

/** What is remarked of features of four images, (4, 3). */
function remarked(value: (image: number, place: number) => number): readonly string[] {
  const said: string[] = [];
  const features = Float32Array.from({ length: 12 }, (_, i) => value(Math.floor(i / 3), i % 3));
  remarkCollapse(features, 3, 'train', { remark: (text) => said.push(text) });
  return said;
}

it('remarks features that are the same, and those that differ by rounding alone, however large they are', () => {
  const same = 'all 4 images of split `train` have the same features';
  expect(remarked(() => 0)).toEqual([`${same}: the encoder has collapsed`]);
  expect(remarked((_, place) => 7 * place)).toEqual([`${same}: the encoder has collapsed`]);
  for (const scale of [1e-6, 1, 1e8]) {
    const [said] = remarked((image, place) => scale * (1 + place + 2e-7 * (image % 2)));
    expect(said).toMatch(
      /the same features but for rounding \(\de-8 of their length\): the encoder/,
    );
    expect(remarked((image, place) => scale * (1 + place + 1e-4 * (image % 2)))).toEqual([]);
  }
  expect(remarked((image, place) => (image === place ? 1e-9 : 0))).toEqual([]);
});
