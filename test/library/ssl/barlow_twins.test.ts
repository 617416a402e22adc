import { expect, it } from 'vitest';
import { make as barlowTwins } from '../../../src/library/ssl/barlow_twins.js';
import { asMatrix } from '../../../src/tensor/as-rank.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { crossCorrelation } from '../../../src/tensor/losses/barlow-twins-loss.js';
import { pick, under } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../../tensor/parity.js';
import { checkMethod, startOf } from './check-method.js';
import { replaySteps } from './replay-steps.js';

const official = { redundancy: 0.0051, scale: 1 };

// As solo-learn scales it: the sums of the full loss move this small network too far for a comparison.
checkMethod('Barlow Twins', () => barlowTwins({ ...official, scale: 0.1, hidden: 24, dim: 12 }));

it('gives losses, gradients and weights as the official code does', () => {
  replaySteps('barlow_twins', barlowTwins({ ...official, hidden: 10, dim: 7 }));
});

it('sums the same where there are far more features than images', () => {
  loadTensorFlow({ threads: 2 });
  const wide = under(tensorsOf('barlow_twins'), 'wide');
  const given = { z1: asMatrix(pick(wide, 'z1')), z2: asMatrix(pick(wide, 'z2')) };
  const { gradients, others } = differentiate(given, ({ z1 = given.z1, z2 = given.z2 }) => {
    const terms = crossCorrelation(asMatrix(z1), asMatrix(z2));
    return { loss: tf.add<tf.Scalar>(terms.invariance, terms.redundancy), others: { ...terms } };
  });
  for (const term of ['invariance', 'redundancy'] as const) {
    expectClose(`barlow_twins ${term}`, others[term], pick(wide, term), 1e-6);
  }
  for (const side of [1, 2]) {
    const found = pick(gradients, `z${side}`);
    expectClose('barlow_twins gradient: wide', found, pick(wide, `gradient${side}`), 5e-6);
  }
});

it('projects by three linear layers without bias', () => {
  const { trained, state } = startOf(barlowTwins({ ...official, hidden: 16, dim: 8 }));
  expect(Object.keys(trained)).toEqual(
    ['0.weight', '1.weight', '1.bias', '3.weight', '4.weight', '4.bias', '6.weight'].map(
      (name) => `projector.${name}`,
    ),
  );
  expect(state).toEqual({});
});
