import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { expectedCalibrationError } from '../../../src/tensor/probe/calibration.js';
import { type Labelled, probeLinearly } from '../../../src/tensor/probe/linear-probe.js';
import { expectClosePlain, jsonOf } from '../parity.js';
import { probe } from './probe-fixture.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("is that of the probabilities of scikit-learn's LogisticRegression", () => {
  const labelled = (rows: readonly number[][], labels: readonly number[]): Labelled => ({
    features: Float32Array.from(rows.flat()),
    labels: Int32Array.from(labels),
  });
  const test = labelled(probe.test, probe.testLabels);
  const train = labelled(probe.train, probe.trainLabels);
  const { runs } = jsonOf<{ runs: readonly { penalty: number; ece: number }[] }>('calibration');
  expect(runs).toHaveLength(3);
  for (const { penalty, ece } of runs) {
    const given = { train, validation: test, test, d: probe.mean.length, classes: 4 };
    const { calibration } = probeLinearly({ ...given, penalties: [penalty] });
    expectClosePlain(`calibration (ECE): penalty ${penalty}`, [calibration], [ece], 1e-4);
  }
});

it('weighs each bin with its share, an upper end being of its bin', () => {
  const of = (confidences: readonly number[], right: readonly boolean[]): number => {
    const labels = Int32Array.from(right, (is) => (is ? 0 : 1));
    return expectedCalibrationError(
      Float64Array.from(confidences),
      new Int32Array(labels.length),
      labels,
      5,
    );
  };
  expect(of([1, 1], [true, true])).toBe(0);
  expect(of([1, 1, 1, 1], [true, false, false, false])).toBe(0.75);
  // 0.5 is of the third bin; 0.4 of the second, where 0.3 makes up for it.
  expect(of([0.5, 0.5], [true, false])).toBe(0);
  expect(of([0.4, 0.3, 0.3], [true, false, false])).toBeCloseTo(0, 12);
  expect(of([0.4, 0.41], [true, false])).toBeCloseTo((0.6 + 0.41) / 2, 12);
});
