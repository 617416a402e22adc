import { expect, it } from 'vitest';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { createRng } from '../../../src/tensor/rng.js';
import { trainSteps } from './train-steps.js';

const method = simclr({ temperature: 0.5, hidden: 16, dim: 8 });

const none = { trained: {}, stats: {} };

it('learns, leaks nothing, and gives the same bytes for the same seed', () => {
  const first = trainSteps(method, { steps: 5, seed: 1 });
  // At first no view stands out among the 23 others; afterwards the other view of a pair does.
  expect(first.losses[0]).toBeGreaterThan(2.5);
  expect(first.losses.at(-1)).toBeLessThan((first.losses[0] ?? 0) - 0.5);
  expect(trainSteps(method, { steps: 5, seed: 1 })).toEqual(first);
  expect(trainSteps(method, { steps: 1, seed: 2 }).losses[0]).not.toBe(first.losses[0]);
});

it('projects by two linear layers without bias', () => {
  const { trained, state } = method.init(32, createRng(0), none, () => none);
  expect(Object.fromEntries(Object.entries(trained).map(([name, t]) => [name, t.shape]))).toEqual({
    'projector.0.weight': [32, 16],
    'projector.1.weight': [16],
    'projector.1.bias': [16],
    'projector.3.weight': [16, 8],
  });
  expect(state).toEqual({});
});
