import { beforeAll, expect, it } from 'vitest';
import { checkNetwork } from '../../../src/library/artifact/check-network.js';
import type { Backbone } from '../../../src/library/stage.js';
import { asMatrix } from '../../../src/tensor/as-rank.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { vit } from '../../../src/tensor/networks/vit.js';
import { tf } from '../../../src/tensor/tf.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const network = vit({ width: 12, depth: 1, heads: 3, patch: 4, image: 8, dropPath: 0.1 });
const refused = (changes: Partial<Backbone>): string => {
  try {
    checkNetwork({ ...network, ...changes }, { network: 'mine', arguments: {} }, 8);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

it('holds what takes several sizes together against what takes each', () => {
  expect(refused({})).toBe('');
  expect(refused({ alone: false })).toBe(
    'the network `mine` has `applyTogether`, and does not say that it takes each image `alone`',
  );
  const turned: Backbone['applyTogether'] = (weights, batches) =>
    asMatrix(tf.reverse(network.applyTogether(weights, batches), 0));
  expect(refused({ applyTogether: turned })).toBe(
    'the network `mine` gives other features by `applyTogether` than by `apply`',
  );
  const first: Backbone['applyTogether'] = (weights, batches) =>
    network.applyTogether(weights, batches.slice(0, 1));
  expect(refused({ applyTogether: first })).toBe(
    'the network `mine` makes features of shape (2, 12) of 2 images and 1 by `applyTogether`, not (3, 12)',
  );
});
