import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { drawShots, eachFewShot, meanOverDraws } from '../../../src/tensor/probe/few-shot.js';
import { accuracy } from '../../../src/tensor/probe/linear-probe.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain, jsonOf } from '../parity.js';
import { probe } from './probe-fixture.js';

interface Reference {
  readonly runs: readonly {
    readonly draws: readonly {
      readonly places: readonly number[];
      readonly predictions: readonly number[];
    }[];
    readonly top1: number;
    readonly halfWidth: number;
  }[];
}

const reference = jsonOf<Reference>('few_shot');
const bank = Float32Array.from(probe.train.flat());
const queries = Float32Array.from(probe.test.flat());
const sample = { bank, queries, d: probe.mean.length, classes: 4 };

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("classifies as scikit-learn's NearestCentroid and leaks no tensor", () => {
  const before = tf.memory().numTensors;
  expect(reference.runs).toHaveLength(5);
  for (const { draws, top1, halfWidth } of reference.runs) {
    const found: number[][] = [];
    eachFewShot(
      sample,
      draws.map(({ places }) => Int32Array.from(places)),
      (predictions) => found.push([...predictions]),
    );
    const theirs = draws.map(({ predictions }) => predictions);
    expectClosePlain('few-shot, predictions', found.flat(), theirs.flat(), 0);
    const labels = Int32Array.from(probe.testLabels);
    const over = meanOverDraws(found.map((one) => accuracy(Int32Array.from(one), labels)));
    expectClosePlain(
      'few-shot, top1 and interval',
      [over.mean, over.halfWidth],
      [top1, halfWidth],
      1e-10,
    );
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('draws each class, the fewer among the more, other images in each draw', () => {
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);
  const draw = (shots: number, number = 0) =>
    drawShots(labels, 3, { shots, seed: 5, draw: number });
  const classesOf = (places: Int32Array) => Array.from(places, (place) => labels[place]);
  expect(classesOf(draw(2))).toEqual([0, 0, 1, 1, 2, 2]);
  expect(new Set(draw(20)).size).toBe(60);
  for (const place of draw(2)) expect(draw(4)).toContain(place);
  expect(draw(4)).toEqual(draw(4));
  expect(draw(4)).not.toEqual(draw(4, 1));
});

it('gives the first class where features are constant, and no number that is none', () => {
  const same = { bank: new Float32Array(8).fill(3), queries: new Float32Array(4).fill(3), d: 2 };
  eachFewShot({ ...same, classes: 2 }, [Int32Array.of(0, 1)], (predictions) => {
    expect([...predictions]).toEqual([0, 0]);
  });
});
