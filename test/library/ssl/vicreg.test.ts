import { expect, it } from 'vitest';
import { make as vicreg } from '../../../src/library/ssl/vicreg.js';
import { createRng } from '../../../src/tensor/rng.js';
import { trainSteps } from './train-steps.js';

const method = vicreg({ invariance: 25, variance: 25, covariance: 1, hidden: 16, dim: 16 });

const none = { trained: {}, stats: {} };

it('learns, leaks nothing, and gives the same bytes for the same seed', () => {
  const first = trainSteps(method, { steps: 5, seed: 1 });
  expect(first.losses.at(-1)).toBeLessThan((first.losses[0] ?? 0) * 0.8);
  expect(trainSteps(method, { steps: 5, seed: 1 })).toEqual(first);
});

it('expands by three linear layers, the last without bias', () => {
  const { trained } = method.init(32, createRng(0), none, () => none);
  expect(Object.keys(trained)).toEqual(
    [
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '3.weight',
      '3.bias',
      '4.weight',
      '4.bias',
      '6.weight',
    ].map((name) => `expander.${name}`),
  );
});
