import { expect, it } from 'vitest';
import { make as vicreg } from '../../../src/library/ssl/vicreg.js';
import { checkMethod, startOf } from './check-method.js';
import { replaySteps } from './replay-steps.js';

const make = () => vicreg({ invariance: 25, variance: 25, covariance: 1, hidden: 16, dim: 16 });

checkMethod('VICReg', make);

it('gives losses, gradients and weights as the official code does', () => {
  const official = { invariance: 25, variance: 25, covariance: 1 };
  replaySteps('vicreg', vicreg({ ...official, hidden: 10, dim: 7 }));
});

it('expands by three linear layers, the last without bias', () => {
  expect(Object.keys(startOf(make()).trained)).toEqual(
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
