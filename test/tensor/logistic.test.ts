import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { fitLogistic, predictLogistic } from '../../src/tensor/logistic.js';
import { loadTensorFlow } from '../../src/tensor/runtime/load.js';
import { scalingOf, standardise } from '../../src/tensor/standardise.js';
import { tf } from '../../src/tensor/tf.js';

interface Reference {
  readonly train: readonly number[][];
  readonly test: readonly number[][];
  readonly trainLabels: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly linear: readonly {
    readonly penalty: number;
    readonly weight: readonly number[][];
    readonly bias: readonly number[];
    readonly predictions: readonly number[];
  }[];
}

const reference: Reference = JSON.parse(
  readFileSync(new URL('../fixtures/parity/probe.json', import.meta.url), 'utf8'),
);
const flat = (rows: readonly number[][]): Float32Array => Float32Array.from(rows.flat());
const d = reference.mean.length;

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("standardises as scikit-learn's StandardScaler", () => {
  const { mean, deviation } = scalingOf(flat(reference.train), d);
  for (let j = 0; j < d; j++) {
    expect(mean[j]).toBeCloseTo(reference.mean[j] ?? 0, 5);
    expect(deviation[j]).toBeCloseTo(reference.std[j] ?? 0, 5);
  }
});

it('leaves a constant feature at zero', () => {
  const x = Float32Array.from([0.1, 1, 0.1, 2, 0.1, 3]);
  const z = standardise(x, scalingOf(x, 2));
  for (const i of [0, 2, 4]) expect(Math.abs(z[i] ?? 1)).toBeLessThan(1e-6);
});

it("fits scikit-learn's LogisticRegression", () => {
  const scaling = scalingOf(flat(reference.train), d);
  const x = tf.tensor2d(standardise(flat(reference.train), scaling), [reference.train.length, d]);
  const test = tf.tensor2d(standardise(flat(reference.test), scaling), [reference.test.length, d]);
  const labels = Int32Array.from(reference.trainLabels);
  for (const { penalty, weight, bias, predictions } of reference.linear) {
    const { model, minimum } = fitLogistic(x, labels, { classes: 4, penalty, tolerance: 1e-6 });
    expect(minimum.gradient).toBeLessThan(1e-5);
    const ours = [...model.weight, ...model.bias];
    const theirs = [...weight.flat(), ...bias];
    for (const [i, value] of ours.entries()) {
      expect(Math.abs(value - (theirs[i] ?? 0))).toBeLessThan(2e-3 * Math.max(1, Math.abs(value)));
    }
    expect([...predictLogistic(model, test)]).toEqual(predictions);
  }
});

it('leaks no tensor and gives the same bytes each time', () => {
  const x = tf.tensor2d(flat(reference.train), [reference.train.length, d]);
  const labels = Int32Array.from(reference.trainLabels);
  const before = tf.memory().numTensors;
  const weights = () => fitLogistic(x, labels, { classes: 4, penalty: 0.1 }).model.weight;
  expect(Buffer.from(weights().buffer).equals(Buffer.from(weights().buffer))).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});

it('separates the logits of a thousand classes', () => {
  const k = 1000;
  const labels = Int32Array.from({ length: 2000 }, (_, i) => i % k);
  const x = tf.tensor2d(
    Float32Array.from({ length: 2000 * 16 }, (_, i) =>
      Math.sin((i % 16) * 0.7 + (Math.floor(i / 16) % k) * 0.37),
    ),
    [2000, 16],
  );
  const { minimum } = fitLogistic(x, labels, { classes: k, penalty: 0.001, iterations: 20 });
  expect(minimum.value).toBeLessThan(Math.log(k));
});
