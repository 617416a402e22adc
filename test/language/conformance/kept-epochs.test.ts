import { expect, it } from 'vitest';
import { unfold } from '../../../src/plan/unfold.js';
import { errorsOf, imports, programOf } from '../compile-text.js';

const head = `${imports}
import std.train.{after, every}
dataset drawings = emoji()
dataset pairs = augmented_pairs(drawings)
`;
const training = (rest: string) =>
  `train encoder = pretrain(pairs, crop_only(size: 32px), simclr(), resnet18(), ${rest})\n`;
const probe = 'evaluate probe = knn_probe(encoder, drawings)\n';

const labels = (text: string) =>
  programOf(text)
    .axes.find(({ name }) => name === 'at')
    ?.labels.map(({ label }) => label);

/** Every point, with the points that it reads. */
function points(text: string): Readonly<Record<string, readonly string[]>> {
  const all = unfold(programOf(text), { env: {} });
  return Object.fromEntries(all.map(({ id, inputs }) => [id, inputs]));
}

it('makes of the epochs that a training keeps an axis, the last epoch the training itself', () => {
  const made = points(`${head}${training('epochs: 25, keep: every(10)')}${probe}`);
  expect(labels(`${head}${training('epochs: 25, keep: every(10)')}${probe}`)).toEqual([
    '10',
    '20',
    '25',
  ]);
  expect(made['encoder.at[at=10]']).toEqual(['encoder', 'pairs']);
  expect(made['encoder.features.drawings[at=10]']).toEqual(['drawings', 'encoder.at[at=10]']);
  expect(made['encoder.features.drawings[at=25]']).toEqual(['drawings', 'encoder']);
  expect(Object.keys(made)).not.toContain('encoder.at[at=25]');
});

it('keeps what nobody reads without a point of its own, and slices by epoch', () => {
  const sliced = 'evaluate late = knn_probe(encoder[at: 20], drawings)\n';
  const made = points(`${head}${training('epochs: 25, keep: after([5, 20])')}${sliced}`);
  expect(Object.keys(made).filter((id) => id.startsWith('encoder.at'))).toEqual([
    'encoder.at[at=20]',
  ]);
  expect(made.late).toEqual(['drawings', 'encoder.features.drawings']);
});

it('leaves the training as it is without `keep`: name, parameters and inputs', () => {
  const whole = (rest: string) =>
    unfold(programOf(`${head}${training(rest)}`), { env: {} }).find(({ id }) => id === 'encoder');
  const { keep, places: _, at: __, ...kept } = whole('epochs: 25, keep: every(10)') ?? {};
  const { places: ___, at: ____, ...plain } = whole('epochs: 25') ?? {};
  expect(keep).toEqual([10, 20]);
  expect(kept).toEqual(plain);
});

it('gives trainings of other lengths the epochs that each has', () => {
  const budget = 'axis budget = {short: 6, long: 10}\n';
  const table = 'report r = table({x: probe.top1}, rows: at, columns: budget)\n';
  const made = points(
    `${head}${budget}${training('epochs: budget, keep: every(4)')}${probe}${table}`,
  );
  expect(Object.keys(made).filter((id) => id.startsWith('probe'))).toEqual([
    'probe[at=4,budget=short]',
    'probe[at=4,budget=long]',
    'probe[at=6,budget=short]',
    'probe[at=8,budget=long]',
    'probe[at=10,budget=long]',
  ]);
});

it('has one axis for all trainings, also in a `def`, in an axis, and where it is named first', () => {
  const def = `def study(pairs: Pairs, keep: Epochs?) -> Encoder {
  train m = pretrain(pairs, crop_only(size: 32px), simclr(), resnet18(), epochs: 20, keep)
  return m
}
train a = study(pairs, every(5))
train b = study(pairs, none)
evaluate p = knn_probe(a, drawings) where at is 5
evaluate q = knn_probe(b, drawings)
axis how = {one: supervised(drawings, crop_only(size: 32px), resnet18(), epochs: 3, keep: after([2])), other: b}
evaluate r = knn_probe(how, drawings)
`;
  const made = Object.keys(points(`${head}${def}`));
  expect(labels(`${head}${def}`)).toEqual(['2', '3', '5', '10', '15', '20']);
  expect(made.filter((id) => /^[pqr]\b/.test(id))).toEqual([
    'p[at=5]',
    'q',
    'r[at=2,how=one]',
    'r[at=2,how=other]',
    'r[at=3,how=one]',
    ...['3', '5', '10', '15', '20'].map((at) => `r[at=${at},how=other]`),
  ]);
});

it('says what cannot be kept', () => {
  const errors = (rest: string, more = '') => errorsOf(`${head}${more}${training(rest)}`);
  expect(errors('epochs: 10, keep: after([5, 20])')).toEqual(['out-of-range']);
  expect(errors('epochs: 10, keep: every(w)', 'axis w = [2, 3]\n')).toEqual(['not-constant']);
  expect(errors('epochs: 10, keep: every(2)', 'axis at = [1, 2]\n')).toEqual([
    'duplicate-declaration',
  ]);
  expect(errors('epochs: 10, keep: every(0)')).toEqual(['out-of-range']);
  const sliced = `${training('epochs: 10, keep: every(5)')}${probe}expect probe.top1[at: 6] > 0\n`;
  expect(errorsOf(`${head}${sliced}`)).toEqual(['unknown-label']);
  expect(errorsOf(`${head}expect at > 1\n`)).toEqual(['unknown-name']);
});
