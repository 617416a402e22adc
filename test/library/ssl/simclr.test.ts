import { expect, it } from 'vitest';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { checkMethod, startOf } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const make = () => simclr({ temperature: 0.5, hidden: 16, dim: 8 });

checkMethod('SimCLR', make);

it('gives losses, gradients and weights as the official code does', () => {
  replaySteps('simclr', simclr({ temperature: 0.5, hidden: 10, dim: 6 }));
});

it('projects by two linear layers without bias', () => {
  const { trained, state } = startOf(make());
  expect(shapesOf(trained)).toEqual({
    'projector.0.weight': [4, 16],
    'projector.1.weight': [16],
    'projector.1.bias': [16],
    'projector.3.weight': [16, 8],
  });
  expect(state).toEqual({});
});
