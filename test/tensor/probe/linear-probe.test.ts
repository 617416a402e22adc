import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { nativeBackend } from '../../../src/tensor/native.js';
import { accuracy, type Labelled, probeLinearly } from '../../../src/tensor/probe/linear-probe.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../parity.js';
import { probe as reference } from './probe-fixture.js';

const labelled = (rows: readonly number[][], labels: readonly number[]): Labelled => ({
  features: Float32Array.from(rows.flat()),
  labels: Int32Array.from(labels),
});
const train = labelled(reference.train, reference.trainLabels);
const test = labelled(reference.test, reference.testLabels);
const common = { train, test, d: reference.mean.length, classes: 4 };

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("scores as scikit-learn's pipeline at each penalty", () => {
  for (const { penalty, accuracy: theirs } of reference.linear) {
    const ours = probeLinearly({ ...common, validation: test, penalties: [penalty] });
    expectClosePlain('linear probe, accuracy', [ours.accuracy], [theirs], 1e-10);
    expect(ours.penalty).toBe(penalty);
  }
});

it('chooses the penalty on the validation split', () => {
  const trials: [number, number | undefined][] = [];
  const { penalty, validation } = probeLinearly(
    { ...common, validation: test, penalties: [0.001, 10, 0.1] },
    (trial) => trials.push([trial.penalty, trial.validation]),
  );
  expect(trials.map(([tried]) => tried)).toEqual([10, 0.1, 0.001]);
  expect(validation).toBe(Math.max(...trials.map(([, score]) => score ?? 0)));
  expect(penalty).toBe(trials.find(([, score]) => score === validation)?.[0]);
});

it('holds a fifth of each class out where there is no validation split', () => {
  const validation = { share: 0.2, seed: 0 };
  const probe = probeLinearly({ ...common, validation, penalties: [0.01] });
  expect(probe.validation * 31).toBeCloseTo(Math.round(probe.validation * 31), 6);
  expect(probe.accuracy).toBeCloseTo(reference.linear[1]?.accuracy ?? 0, 10);
});

it('does not care in which order the images stand', () => {
  // Classes in turn: every fifth image is of one class.
  const of = (order: (a: number, b: number) => number) => {
    const places = Array.from(train.labels.keys()).sort(order);
    return {
      features: Float32Array.from(places.flatMap((i) => reference.train[i] ?? [])),
      labels: Int32Array.from(places, (i) => train.labels[i] ?? 0),
    };
  };
  const validation = { share: 0.2, seed: 3 };
  const label = (i: number): number => train.labels[i] ?? 0;
  const sorted = of((a, b) => label(a) - label(b) || a - b);
  const found = [train, sorted].map((train) =>
    probeLinearly({ ...common, train, validation, penalties: [0.1, 0.01, 0.001] }),
  );
  expect(found[0]?.validation).toBeGreaterThan(0.5);
  expect(found[1]?.validation).toBe(found[0]?.validation);
  expect(found[1]?.penalty).toBe(found[0]?.penalty);
});

it('counts a class that training does not know as an error', () => {
  const strange = { ...test, labels: test.labels.map(() => -1) };
  expect(
    probeLinearly({ ...common, validation: test, test: strange, penalties: [0.1] }).accuracy,
  ).toBe(0);
});

it('leaks no tensor', () => {
  const native = () => nativeBackend().binding.getNumOfTensors();
  const before = [tf.memory().numTensors, native()];
  probeLinearly({ ...common, validation: { share: 0.2, seed: 0 }, penalties: [0.1] });
  expect([tf.memory().numTensors, native()]).toEqual(before);
});

it('fits raw pixels of 32 px in seconds', () => {
  const [n, d, classes] = [600, 3072, 8];
  const rng = createRng(0, 'pixels');
  const centres = Float32Array.from({ length: classes * d }, () => rng.normal());
  const sample = (): Labelled => {
    const labels = Int32Array.from({ length: n }, () => rng.below(classes));
    const features = Float32Array.from({ length: n * d }, (_, i) => {
      const label = labels[Math.floor(i / d)] ?? 0;
      return 0.05 * (centres[label * d + (i % d)] ?? 0) + rng.normal();
    });
    return { features, labels };
  };
  const all = { train: sample(), validation: sample(), test: sample(), d, classes };
  const found = probeLinearly({ ...all, penalties: [0.1, 0.01] });
  expect(found.accuracy).toBeGreaterThan(0.25);
});

it('takes the share of right predictions', () => {
  expect(accuracy(Int32Array.of(1, 2, 3, 4), Int32Array.of(1, 0, 3, -1))).toBe(0.5);
});
