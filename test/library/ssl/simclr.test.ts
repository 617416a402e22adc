import { expect, it } from 'vitest';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { checkMethod, startOf } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const paper = { temperature: 0.5, head: 'paper', sum: false } as const;
const make = () => simclr({ ...paper, hidden: 16, dim: 8 });

checkMethod('SimCLR', make);

it('gives losses, gradients and weights as the official code does', () => {
  replaySteps('simclr', simclr({ ...paper, hidden: 10, dim: 6 }));
});

it('has the head and the sum of the official code too', () => {
  const official = { temperature: 0.5, hidden: 10, dim: 6, head: 'official', sum: true } as const;
  replaySteps('simclr-official', simclr(official));
  expect(shapesOf(startOf(simclr(official)).trained)).toEqual({
    'projector.0.weight': [4, 10],
    'projector.1.weight': [10],
    'projector.1.bias': [10],
    'projector.3.weight': [10, 10],
    'projector.4.weight': [10],
    'projector.4.bias': [10],
    'projector.6.weight': [10, 6],
    'projector.7.weight': [6],
  });
});

it('has the heads of popular libraries', () => {
  const by = { temperature: 0.5, hidden: 10, dim: 6, sum: false } as const;
  replaySteps('simclr-solo', simclr({ ...by, head: 'solo' }));
  replaySteps('simclr-lightly', simclr({ ...by, head: 'lightly' }));
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
