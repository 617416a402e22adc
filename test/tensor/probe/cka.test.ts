import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { linearCka } from '../../../src/tensor/probe/cka.js';
import { expectClosePlain } from '../parity.js';
import { flat, measures } from './measures.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('is that of products of all images with all, as it is and unbiased', () => {
  const x = { features: flat(measures.x), d: 20 };
  const y = { features: flat(measures.y), d: 12 };
  const ten = { x: x.features.slice(0, 200), y: y.features.slice(0, 120) };
  const found = [
    linearCka(x, y),
    linearCka({ features: ten.x, d: 20 }, { features: ten.y, d: 12 }),
    linearCka(x, x),
  ];
  expect(found).toHaveLength(measures.cka.length);
  for (const [i, { cka, debiased }] of found.entries()) {
    const theirs = measures.cka[i] ?? { cka: Number.NaN, debiased: Number.NaN };
    expectClosePlain(`CKA: ${i}`, [cka], [theirs.cka], 5e-5);
    expectClosePlain(`CKA, unbiased: ${i}`, [debiased], [theirs.debiased], 5e-5);
  }
});

it('does not see a rotation, another length or another origin', () => {
  const features = flat(measures.x);
  const turned = Float32Array.from(features, (_, i) => {
    const other = features[i - (i % 20) + ((i + 7) % 20)] ?? 0;
    return -3 * other + 5;
  });
  const { cka, debiased } = linearCka({ features, d: 20 }, { features: turned, d: 20 });
  expect(cka).toBeCloseTo(1, 5);
  expect(debiased).toBeCloseTo(1, 5);
});
