import { expect, it } from 'vitest';
import { make as byol } from '../../../src/library/ssl/byol.js';
import { type NamedTensors, pick, under } from '../../../src/tensor/named-tensors.js';
import { expectClose, tensorsOf } from '../../tensor/parity.js';
import { checkMethod, startOf } from './check-method.js';
import { compare, replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = { tau: 0.9, schedule: 'cosine', hidden: 10, dim: 6 } as const;

checkMethod('BYOL', () => byol({ ...small, target: 'fresh' }));

it('gives losses, gradients, weights and target as the official code does', () => {
  const further = replaySteps('byol', byol({ ...small, target: 'fresh' }));
  const crops = under(tensorsOf('byol'), 'crops');
  const { loss, gradients } = further(crops);
  expectClose('byol loss: multi-crop', loss, pick(crops, 'loss'), 2e-6);
  compare('byol gradient: multi-crop', gradients, under(crops, 'gradient'), 1e-5);
});

it('has projector, predictor and a target without a predictor or statistics', () => {
  const { trained, state } = startOf(byol({ ...small, target: 'fresh' }));
  expect(shapesOf(trained)).toEqual({
    'projector.0.weight': [4, 10],
    'projector.0.bias': [10],
    'projector.1.weight': [10],
    'projector.1.bias': [10],
    'projector.3.weight': [10, 6],
    'predictor.0.weight': [6, 10],
    'predictor.0.bias': [10],
    'predictor.1.weight': [10],
    'predictor.1.bias': [10],
    'predictor.3.weight': [10, 6],
  });
  expect(Object.keys(state).sort()).toEqual(
    [
      ...['bn.bias', 'bn.weight', 'conv.weight'].map((name) => `encoder.${name}`),
      ...['0.bias', '0.weight', '1.bias', '1.weight', '3.weight'].map((n) => `projector.${n}`),
    ].map((name) => `target.${name}`),
  );
});

it('begins the target with weights of its own, or with a copy', () => {
  const first = (tensors: NamedTensors, name: string) => pick(tensors, name).dataSync()[0];
  const weight = 'projector.0.weight';
  const fresh = startOf(byol({ ...small, target: 'fresh' }));
  expect(first(fresh.state, `target.${weight}`)).not.toBe(first(fresh.trained, weight));
  const copy = startOf(byol({ ...small, target: 'copy' }));
  expect(first(copy.state, `target.${weight}`)).toBe(first(copy.trained, weight));
  expect(first(copy.state, 'target.encoder.conv.weight')).not.toBe(
    first(fresh.state, 'target.encoder.conv.weight'),
  );
});
