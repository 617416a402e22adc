import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { emaShare, emaUpdate } from '../../../src/tensor/optim/ema.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain, jsonOf } from '../parity.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('rises from its base to 1 as in BYOL and, by fractional epoch, in MoCo v3', () => {
  const reference = jsonOf<Record<string, readonly number[]>>('schedules');
  for (const name of ['byol', 'moco_v3']) {
    const expected = (reference[name] ?? []).map((momentum) => 1 - momentum);
    expect(expected).toHaveLength(20);
    const shares = expected.map(
      (_, step) => emaShare('cosine', 0.99, tf.scalar(step / 20)).dataSync()[0] ?? Number.NaN,
    );
    expectClosePlain(`schedules: ${name}`, shares, expected, 1e-6);
  }
  expect(emaShare('constant', 0.75, tf.scalar(0.9)).dataSync()[0]).toBe(0.25);
});

it('moves averages by the share, and frees what it needed', () => {
  const averages = { a: tf.tensor1d([0, 2]), b: tf.scalar(4) };
  const latest = { a: tf.tensor1d([4, 2]), b: tf.scalar(0), other: tf.scalar(1) };
  const share = tf.scalar(0.25);
  const before = tf.memory().numTensors;
  const moved = emaUpdate(averages, latest, share);
  expect(tf.memory().numTensors).toBe(before + 2);
  expect(Object.keys(moved)).toEqual(['a', 'b']);
  expect([...(moved.a?.dataSync() ?? [])]).toEqual([1, 2]);
  expect([...(moved.b?.dataSync() ?? [])]).toEqual([3]);
});
