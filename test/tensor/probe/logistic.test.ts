import { beforeAll, expect, it } from 'vitest';
import { inFloat64 } from '../../../src/tensor/floats.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { nativeBackend } from '../../../src/tensor/native.js';
import { norm } from '../../../src/tensor/probe/lbfgs.js';
import {
  type Logistic,
  logisticRegression,
  predictLogistic,
} from '../../../src/tensor/probe/logistic.js';
import { scalingOf, standardise } from '../../../src/tensor/probe/standardise.js';
import { createRng } from '../../../src/tensor/rng.js';
import { expectClosePlain, jsonOf } from '../parity.js';
import { probe as reference } from './probe-fixture.js';

const flat = (rows: readonly number[][]): Float32Array => Float32Array.from(rows.flat());
const d = reference.mean.length;

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("standardises as scikit-learn's StandardScaler", () => {
  const { mean, deviation } = scalingOf(flat(reference.train), d);
  expectClosePlain('standardised features, mean', mean, reference.mean, 5e-6);
  expectClosePlain('standardised features, deviation', deviation, reference.std, 5e-6);
});

it('leaves a constant feature at zero', () => {
  const x = Float32Array.from([0.1, 1, 0.1, 2, 0.1, 3]);
  const z = standardise(x, scalingOf(x, 2));
  for (const i of [0, 2, 4]) expect(Math.abs(z[i] ?? 1)).toBeLessThan(1e-6);
});

const asFloat64 = (rows: readonly number[][]): Float64Array => Float64Array.from(rows.flat());

it("fits scikit-learn's LogisticRegression", () => {
  const scaling = scalingOf(flat(reference.train), d);
  const x = standardise(flat(reference.train), scaling);
  const test = standardise(flat(reference.test), scaling);
  const labels = Int32Array.from(reference.trainLabels);
  inFloat64((ops) => {
    const fitWith = logisticRegression(ops, { x, d, labels, classes: 4 });
    for (const { penalty, weight, bias, predictions } of reference.linear) {
      const { model, minimum } = fitWith({ penalty, tolerance: 1e-6 });
      expect(minimum.end).toBe('converged');
      const ours = [...model.weight, ...model.bias];
      const theirs = [...weight.flat(), ...bias];
      expectClosePlain('linear probe, weights', ours, theirs, 5e-5);
      const { labels: found } = predictLogistic(model, test, d);
      expectClosePlain('linear probe, predictions', found, predictions, 0);
    }
  });
});

it('reaches the minimum where features are nearly collinear and penalties small', () => {
  const { train, test, trainLabels, testLabels, minima } = jsonOf<Collinear>('logistic');
  const d = train[0]?.length ?? 0;
  const scaling = scalingOf(flat(train), d);
  const data = { x: standardise(flat(train), scaling), d, labels: Int32Array.from(trainLabels) };
  inFloat64((ops) => {
    const fitWith = logisticRegression(ops, { ...data, classes: 3 });
    let start: Logistic | undefined;
    for (const { penalty, weight, bias, accuracy } of minima) {
      const { model, minimum } = fitWith({ penalty, start });
      expect(minimum.end).toBe('converged');
      const difference = norm(minus(model.weight, asFloat64(weight)));
      expect(difference).toBeLessThan(1e-3 * norm(asFloat64(weight)));
      expect(norm(minus(centred(model.bias), centred(Float64Array.from(bias))))).toBeLessThan(0.01);
      const { labels } = predictLogistic(model, standardise(flat(test), scaling), d);
      const right = labels.filter((label, i) => label === testLabels[i]).length;
      expect(Math.abs(right / testLabels.length - accuracy)).toBeLessThan(0.006);
      start = model;
    }
  });
});

interface Collinear {
  readonly train: readonly number[][];
  readonly test: readonly number[][];
  readonly trainLabels: readonly number[];
  readonly testLabels: readonly number[];
  readonly minima: readonly {
    readonly penalty: number;
    readonly weight: readonly number[][];
    readonly bias: readonly number[];
    readonly accuracy: number;
  }[];
}

it('reaches the minimum where there are many features a class', () => {
  const { minima } = jsonOf<Pick<Collinear, 'minima'>>('logistic_wide');
  const [n, d, classes] = [91, 200, 3];
  const labels = Int32Array.from({ length: n }, (_, i) => (i < n - 1 ? i % 2 : 2));
  const x = Float32Array.from({ length: n * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    const seen = Math.sin(0.7 * i * ((j % 17) + 1) + j) / (1 + (j % 40));
    return j === 5 ? 2 : seen + 0.01 * Math.sin(((labels[i] ?? 0) + 1) * j);
  });
  const data = { x: standardise(x, scalingOf(x, d)), d, labels, classes };
  // All rows at once, and by parts.
  for (const atOnce of [undefined, classes * 40]) {
    inFloat64((ops) => {
      const fitWith = logisticRegression(ops, data, atOnce);
      let start: Logistic | undefined;
      for (const { penalty, weight, bias } of minima) {
        const { model, minimum } = fitWith({ penalty, start });
        expect(minimum.end).toBe('converged');
        const difference = norm(minus(model.weight, asFloat64(weight)));
        expect(difference).toBeLessThan(1e-3 * norm(asFloat64(weight)));
        expect(norm(minus(centred(model.bias), centred(Float64Array.from(bias))))).toBeLessThan(
          0.01,
        );
        start = model;
      }
    });
  }
});

const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v - (b[i] ?? 0));

/** A number added to all of them changes no prediction. */
function centred(bias: Float64Array): Float64Array {
  const mean = bias.reduce((sum, value) => sum + value, 0) / bias.length;
  return bias.map((value) => value - mean);
}

it('says that it ran out of iterations', () => {
  const data = {
    x: asFloat64(reference.train),
    d,
    labels: Int32Array.from(reference.trainLabels),
    classes: 4,
  };
  const { minimum } = inFloat64((ops) =>
    logisticRegression(ops, data)({ penalty: 1e-6, iterations: 2 }),
  );
  expect(minimum).toMatchObject({ end: 'limit', iterations: 2 });
});

it('leaks no tensor and gives the same bytes each time', () => {
  const data = {
    x: asFloat64(reference.train),
    d,
    labels: Int32Array.from(reference.trainLabels),
    classes: 4,
  };
  const native = () => nativeBackend().binding.getNumOfTensors();
  const before = native();
  const weights = () =>
    inFloat64((ops) => logisticRegression(ops, data)({ penalty: 0.1 }).model.weight);
  expect(Buffer.from(weights().buffer).equals(Buffer.from(weights().buffer))).toBe(true);
  expect(native()).toBe(before);
});

it('fits the same however many rows it sees at once', () => {
  const x = standardise(flat(reference.train), scalingOf(flat(reference.train), d));
  const data = { x, d, labels: Int32Array.from(reference.trainLabels), classes: 4 };
  const fitted = (atOnce?: number) =>
    inFloat64((ops) => logisticRegression(ops, data, atOnce)({ penalty: 0.1, tolerance: 1e-9 }));
  const whole = fitted();
  for (const atOnce of [1, 4 * 7, 4 * data.labels.length]) {
    const { model, minimum } = fitted(atOnce);
    expect(minimum.end).toBe('converged');
    const { weight } = whole.model;
    for (const [i, value] of model.weight.entries()) expect(value).toBeCloseTo(weight[i] ?? 0, 8);
  }
});

it('takes few steps where many classes are told with certainty', () => {
  const [n, d, classes] = [1000, 64, 50];
  const rng = createRng(1, 'certain');
  const centres = Float64Array.from({ length: classes * d }, () => 3 * rng.normal());
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes);
  const x = Float64Array.from({ length: n * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    return ((centres[(labels[i] ?? 0) * d + j] ?? 0) + 0.5 * rng.normal()) / Math.sqrt(j + 1);
  });
  const { minimum } = inFloat64((ops) =>
    logisticRegression(ops, { x, d, labels, classes })({ penalty: 1 / n }),
  );
  expect(minimum.end).toBe('converged');
  expect(minimum.iterations).toBeLessThan(60);
});

it('separates the logits of a thousand classes', () => {
  const k = 1000;
  const labels = Int32Array.from({ length: 2000 }, (_, i) => i % k);
  const x = Float64Array.from({ length: 2000 * 16 }, (_, i) =>
    Math.sin((i % 16) * 0.7 + (Math.floor(i / 16) % k) * 0.37),
  );
  const { minimum } = inFloat64((ops) =>
    logisticRegression(ops, { x, d: 16, labels, classes: k })({ penalty: 0.001, iterations: 20 }),
  );
  expect(minimum.value).toBeLessThan(Math.log(k));
});
