import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { meanOverDraws } from '../../../src/tensor/probe/few-shot.js';
import { drawLabelShare } from '../../../src/tensor/probe/label-share.js';
import { accuracy, probeLinearly, selected } from '../../../src/tensor/probe/linear-probe.js';
import { expectClosePlain, jsonOf } from '../parity.js';
import { probe } from './probe-fixture.js';

interface Reference {
  readonly runs: readonly {
    readonly penalty: number;
    readonly draws: readonly {
      readonly places: readonly number[];
      readonly predictions: readonly number[];
      readonly accuracy: number;
    }[];
    readonly top1: number;
    readonly halfWidth: number;
  }[];
}

const d = 6;
const labelled = (rows: readonly number[][], labels: readonly number[]) => ({
  features: Float32Array.from(rows.flat()),
  labels: Int32Array.from(labels),
});
const train = labelled(probe.train, probe.trainLabels);
const test = labelled(probe.test, probe.testLabels);

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it.each(jsonOf<Reference>('low_label').runs)(
  "classifies from a few as scikit-learn's pipeline, penalty $penalty",
  ({ penalty, draws, top1, halfWidth }) => {
    const scores = draws.map((draw) => {
      const drawn = selected(train, d, Int32Array.from(draw.places));
      const sample = { train: drawn, validation: drawn, test, d, classes: 4 };
      const { predictions } = probeLinearly({ ...sample, penalties: [penalty] });
      expectClosePlain('low-label probe, predictions', predictions, draw.predictions, 0);
      return accuracy(predictions, test.labels);
    });
    const over = meanOverDraws(scores);
    const [ours, theirs] = [
      [over.mean, over.halfWidth],
      [top1, halfWidth],
    ];
    expectClosePlain('low-label probe, top1 and interval', ours, theirs, 1e-10);
  },
);

const labels = Int32Array.from({ length: 300 }, (_, i) => (i < 180 ? i % 3 : i % 2));
const draw = (share: number, number = 0, seed = 5) =>
  drawLabelShare(labels, 3, { share, seed, draw: number });

it('draws of each class as many, or one more in some', () => {
  const countsOf = (places: Int32Array) =>
    [0, 1, 2].map((label) => places.filter((place) => labels[place] === label).length);
  expect(countsOf(draw(0.1))).toEqual([10, 10, 10]);
  const uneven = countsOf(draw(11 / 300));
  expect(uneven.toSorted()).toEqual([3, 4, 4]);
  const others = Array.from({ length: 12 }, (_, number) => countsOf(draw(11 / 300, number)).join());
  expect(new Set(others).size).toBeGreaterThan(1);
});

it('draws the fewer among the more, other images in each draw and by each seed', () => {
  const many = new Set(draw(0.3));
  for (const share of [0.01, 0.02, 0.1, 0.25]) {
    const few = draw(share);
    expect(few).toHaveLength(Math.round(share * 300));
    expect(new Set(few).size).toBe(few.length);
    expect(few.every((place) => many.has(place))).toBe(true);
  }
  expect(draw(0.1)).toEqual(draw(0.1));
  expect(draw(0.1)).not.toEqual(draw(0.1, 1));
  expect(draw(0.1)).not.toEqual(draw(0.1, 0, 6));
});
