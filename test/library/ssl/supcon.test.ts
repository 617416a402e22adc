import { expect, it } from 'vitest';
import { make as supcon } from '../../../src/library/ssl/supcon.js';
import { checkMethod, startOf, trainMethod } from './check-method.js';
import { replaySteps } from './replay-steps.js';
import { shapesOf } from './shapes-of.js';

const small = {
  label: 'kind',
  temperature: 0.1,
  base_temperature: 0.07,
  hidden: null,
  dim: 6,
} as const;

checkMethod('SupCon', () => supcon({ ...small, temperature: 0.5 }));

it('gives losses, gradients and weights as the official code does', () => {
  replaySteps('supcon', supcon(small));
});

it('projects by two linear layers with biases, the first as wide as the features', () => {
  expect(shapesOf(startOf(supcon(small)).trained)).toEqual({
    'projector.0.weight': [4, 4],
    'projector.0.bias': [4],
    'projector.2.weight': [4, 6],
    'projector.2.bias': [6],
  });
});

it('sees the labels of the attribute that it names', async () => {
  const positives = async (label: string): Promise<number> => {
    const { rows } = await trainMethod(supcon({ ...small, label }), { epochs: 1 });
    return rows[0]?.positives ?? Number.NaN;
  };
  // 36 pairs are of 3 kinds, 12 each, and of 12 classes, 3 each; a batch is a third of them, two views each:
  // over the three batches of an epoch fewer of a class share a batch than of a kind.
  const [kinds, classes] = [await positives('kind'), await positives('class')];
  expect(kinds).toBeGreaterThan(classes);
  expect(classes).toBeGreaterThanOrEqual(1);
});

it('says which attributes there are', async () => {
  await expect(trainMethod(supcon({ ...small, label: 'group' }))).rejects.toMatchObject({
    code: 'unknown-attribute',
    help: 'They have artist, class, kind.',
  });
});
