import { expect, it } from 'vitest';
import { make as simsiam } from '../../../src/library/ssl/simsiam.js';
import { checkMethod, startOf } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = { layers: 3, dim: 6, predictor: 5, constant_predictor: true };

checkMethod('SimSiam', () => simsiam(small), { cancels: true });

it('gives losses, gradients and weights as the official code does', () => {
  replaySteps('simsiam', simsiam(small));
});

it('has a projector as wide as the features, and a predictor with a bottleneck', () => {
  const shapes = shapesOf(startOf(simsiam({ ...small, layers: 2 })).trained);
  expect(shapes).toEqual({
    'projector.0.weight': [4, 4],
    'projector.1.weight': [4],
    'projector.1.bias': [4],
    'projector.3.weight': [4, 6],
    'predictor.0.weight': [6, 5],
    'predictor.1.weight': [5],
    'predictor.1.bias': [5],
    'predictor.3.weight': [5, 6],
    'predictor.3.bias': [6],
  });
});

it('lets the predictor follow the schedule when it is told to', () => {
  expect(simsiam(small).paces).toHaveProperty('predictor');
  expect(simsiam({ ...small, constant_predictor: false }).paces).toBeUndefined();
});
