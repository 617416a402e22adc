import { expect, it } from 'vitest';
import { asMatrix } from '../../../src/tensor/as-rank.js';
import { featureMeasures } from '../../../src/tensor/losses/feature-measures.js';
import { pick, under } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain, tensorsOf } from '../parity.js';

const reference = tensorsOf('features');

it('gives RankMe, alignment and uniformity as the papers define them', () => {
  for (const name of ['tall', 'wide', 'flat']) {
    const of = under(reference, name);
    const found = featureMeasures(asMatrix(pick(of, 'x')), asMatrix(pick(of, 'y')));
    for (const [key, value] of Object.entries(found))
      expectClosePlain(`${key}: ${name}`, [value], pick(of, key).dataSync(), 5e-6);
  }
});

it('shows collapse: one direction, views alike, and no spread', () => {
  const same = tf.ones<tf.Rank.R2>([6, 4]);
  const { rankme, alignment, uniformity } = featureMeasures(same, same);
  expect(rankme).toBeCloseTo(1, 3);
  expect(alignment).toBeCloseTo(0, 6);
  expect(uniformity).toBeCloseTo(0, 6);
});
