import { expect, it } from 'vitest';
import { make as nnclr } from '../../../src/library/ssl/nnclr.js';
import { pick } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { checkMethod, slow, startOf, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = {
  ...{ temperature: 0.1, hidden: 10, dim: 6, predictor: 9, queue: 24 },
  candidates: 'predictions' as const,
};

// The shift of the projector's last batch norm has no gradient: the predictor's batch norm takes it out again.
const wide = { ...small, temperature: 0.5, hidden: 32, dim: 16, predictor: 24 };
checkMethod('NNCLR', () => nnclr(wide), { comparedBy: slow });

it('gives losses, gradients, weights and queue as the paper does', () => {
  replaySteps('nnclr', nnclr(small));
});

it('tells neighbours from the other neighbours too, as one library does', () => {
  replaySteps('nnclr-both', nnclr({ ...small, candidates: 'both' }));
});

it('predicts from projections, and starts with a queue of random rows of length 1', () => {
  const { trained, state } = startOf(nnclr(small));
  expect(shapesOf(trained)).toMatchObject({
    'projector.0.weight': [4, 10],
    'projector.6.weight': [10, 6],
    'projector.7.bias': [6],
    // The predictor takes what the projector gives, not features.
    'predictor.0.weight': [6, 9],
    'predictor.3.weight': [9, 6],
    'predictor.3.bias': [6],
  });
  const lengths = tf.norm(pick(state, 'queue'), 2, 1).dataSync();
  for (const length of lengths) expect(length).toBeCloseTo(1, 5);
});

it('fills its queue step by step', async () => {
  const { rows } = await trainMethod(nnclr(small));
  // 3 steps an epoch of 12 pairs, a queue of 24: before them 0, 12 and 24 rows have come, then all.
  expect(rows.map((row) => row.queue_filled)).toEqual([0.5, 1]);
  expect(rows.map((row) => row.queue_age)).toEqual([1, 2]);
});
