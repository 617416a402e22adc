import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { retrieveAcross } from '../../../src/tensor/probe/retrieve.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain } from '../parity.js';
import { flat, measures } from './measures.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

// Angles in degrees, so that similarity is closeness of angle.
const at = (...degrees: readonly number[]): Float32Array =>
  Float32Array.from(
    degrees.flatMap((a) => [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)]),
  );

it('asks each item for the nearest of another group', () => {
  const found = retrieveAcross({
    // 0 and 1 are nearest but of one group; 2 is nearest to 3, of another class.
    features: at(0, 1, 20, 30, 100),
    d: 2,
    labels: Int32Array.of(0, 1, 0, 1, 2),
    groups: Int32Array.of(0, 0, 1, 2, 1),
  });
  // 0 -> 2 right; 1 -> 2 wrong; 2 -> 3 wrong; 3 -> 2 wrong; 4 has no counterpart.
  expect([...found.asked]).toEqual([0, 1, 2, 3]);
  expect([...found.predictions]).toEqual([0, 0, 1, 0]);
});

it('asks nothing where no class is in two groups', () => {
  const groups = Int32Array.of(0, 1, 2);
  expect(
    retrieveAcross({ features: at(0, 10, 20), d: 2, labels: groups, groups }).asked,
  ).toHaveLength(0);
});

it("ranks all candidates as scikit-learn's average precision has them", () => {
  const found = retrieveAcross({
    features: flat(measures.x),
    d: 20,
    labels: Int32Array.from(measures.labels),
    groups: Int32Array.from(measures.groups),
  });
  const { asked, first, precision, ofClass } = measures.retrieval;
  expect([...found.asked]).toEqual(asked);
  expect([...found.first]).toEqual(first);
  expectClosePlain('retrieval, average precision', found.precision, precision, 5e-7);
  expectClosePlain('retrieval, of the class', found.ofClass, ofClass, 5e-7);
});

it('takes of equally similar candidates the one that stands first', () => {
  const found = retrieveAcross({
    features: at(0, 40, 40, 40, 40),
    d: 2,
    labels: Int32Array.of(0, 1, 0, 0, 1),
    groups: Int32Array.of(0, 1, 1, 1, 1),
  });
  expect([...found.asked]).toEqual([0, 2, 3]);
  expect(found.first[0]).toBe(2);
  expect(found.precision[0]).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
  expect(found.ofClass[0]).toBe(0.5);
});

it('leaks no tensor', () => {
  const before = tf.memory().numTensors;
  retrieveAcross({
    features: at(0, 1),
    d: 2,
    labels: Int32Array.of(0, 0),
    groups: Int32Array.of(0, 1),
  });
  expect(tf.memory().numTensors).toBe(before);
});
