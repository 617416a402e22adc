import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { type Compiled, compile } from '../../../src/tensor/compile/compile.js';
import type { Entry } from '../../../src/tensor/compile/trace-entry.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';
import { attr, native, nativeBackend } from '../../../src/tensor/native.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 2 });

const x = tf.tensor1d([1, 2, 3, 4]);
const w = tf.tensor1d([1, 1, 1, 1]);
const numbers = (tensors: NamedTensors, name: string): number[] => {
  const values = Array.from(pick(tensors, name).dataSync());
  pick(tensors, name).dispose();
  return values;
};
const one = (step: Entry['step'], inputs: NamedTensors = { x }, state: NamedTensors = { w }) =>
  compile({ f: { step, inputs } }, state);
const stateOf = (compiled: Compiled<string>, name: string): number[] => {
  const { [name]: wanted, ...others } = compiled.state();
  tf.dispose(others);
  return numbers({ wanted: wanted ?? tf.scalar(0) }, 'wanted');
};

it('keeps state between calls and gives outputs', () => {
  const compiled = one(({ w: now }, { x: given }) => {
    const next = tf.add(now ?? 0, given ?? 0);
    return { state: { w: next }, outputs: { sum: tf.sum(next) } };
  });
  expect(numbers(compiled.call('f', { x }), 'sum')).toEqual([14]);
  expect(numbers(compiled.call('f', { x }), 'sum')).toEqual([24]);
  expect(stateOf(compiled, 'w')).toEqual([3, 5, 7, 9]);
  compiled.set({ w });
  expect(numbers(compiled.call('f', { x }), 'sum')).toEqual([14]);
  expect([...w.dataSync()], 'what it was given').toEqual([1, 1, 1, 1]);
  compiled.dispose();
});

it('shares state among entries of different shapes', () => {
  const compiled = compile(
    {
      train: {
        inputs: {},
        step: ({ w: now }) => ({ state: { w: tf.mul(now ?? 0, 2) }, outputs: {} }),
      },
      two: {
        inputs: { x: tf.ones([2, 4]) },
        step: (s, i) => ({ outputs: { y: tf.sum(tf.mul(i.x ?? 0, s.w ?? 0)) } }),
      },
      three: {
        inputs: { x: tf.ones([3, 4]) },
        step: (s, i) => ({ outputs: { y: tf.sum(tf.mul(i.x ?? 0, s.w ?? 0)) } }),
      },
    },
    { w },
  );
  compiled.call('train', {});
  expect(numbers(compiled.call('two', { x: tf.ones([2, 4]) }), 'y')).toEqual([16]);
  expect(numbers(compiled.call('three', { x: tf.ones([3, 4]) }), 'y')).toEqual([24]);
  compiled.dispose();
});

it('gives clones their own state: a teacher that starts as a copy stays one of its own', () => {
  const start = { w, teacher: tf.clone(w), again: w };
  const compiled = one(
    ({ w: now, teacher }) => ({
      state: { w: tf.add(now ?? 0, 1), teacher: tf.mul(teacher ?? 0, 3) },
      outputs: {},
    }),
    { x },
    start,
  );
  compiled.call('f', { x });
  compiled.call('f', { x });
  expect(stateOf(compiled, 'w')).toEqual([3, 3, 3, 3]);
  expect(stateOf(compiled, 'teacher')).toEqual([9, 9, 9, 9]);
  expect(stateOf(compiled, 'again')).toEqual([1, 1, 1, 1]);
  compiled.dispose();
});

it('reads all state before it changes any', () => {
  const start = { a: tf.tensor1d([1, 1]), b: tf.tensor1d([2, 2]) };
  const compiled = one(({ a, b }) => ({ state: { a: b ?? w, b: a ?? w }, outputs: {} }), {}, start);
  for (let i = 0; i < 3; i++) compiled.call('f', {});
  expect(stateOf(compiled, 'a')).toEqual([2, 2]);
  expect(stateOf(compiled, 'b')).toEqual([1, 1]);
  compiled.dispose();
});

it('hands out state that later calls do not change', () => {
  const compiled = one(({ w: now }) => ({ state: { w: tf.add(now ?? 0, 1) }, outputs: {} }));
  compiled.call('f', { x });
  const then = compiled.state();
  for (let i = 0; i < 5; i++) compiled.call('f', { x });
  expect(numbers(then, 'w')).toEqual([2, 2, 2, 2]);
  expect(stateOf(compiled, 'w')).toEqual([7, 7, 7, 7]);
  compiled.dispose();
});

it('keeps what it was fed after the feed is gone: a queue', () => {
  const size = 1 << 18;
  const compiled = one(
    ({ queue }, { batch }) => ({
      state: { queue: tf.reshape(batch ?? w, [size]) },
      outputs: { sum: tf.sum(queue ?? 0), batch: batch ?? w },
    }),
    { batch: tf.zeros([512, 512]) },
    { queue: tf.zeros([size]) },
  );
  for (let i = 0; i < 5; i++) {
    const batch = tf.tensor2d(new Float32Array(size).fill(i), [512, 512]);
    const outputs = compiled.call('f', { batch });
    batch.dispose();
    expect(numbers(outputs, 'sum')).toEqual([Math.max(0, i - 1) * size]);
    expect(numbers(outputs, 'batch').at(-1)).toBe(i);
  }
  compiled.dispose();
});

it('keeps what it was fed when its memory holds something else', () => {
  const size = 4096;
  const compiled = one(
    (_, { batch }) => ({ state: { kept: tf.reshape(batch ?? w, [64, 64]) }, outputs: {} }),
    { batch: tf.zeros([size]) },
    { kept: tf.zeros([64, 64]) },
  );
  for (let i = 1; i < 50; i++) {
    const array = new Float32Array(size).fill(i);
    const batch = tf.tensor1d(array);
    compiled.call('f', { batch });
    array.fill(-1);
    batch.dispose();
    const others = Array.from({ length: 20 }, (_, k) =>
      tf.tensor1d(new Float32Array(size).fill(1000 + k)),
    );
    for (const other of others) other.dataSync();
    expect(new Set(stateOf(compiled, 'kept'))).toEqual(new Set([i]));
    tf.dispose(others);
  }
  compiled.dispose();
});

it('passes inputs, state and constants through, and takes inputs that nothing uses', () => {
  const compiled = one(
    ({ w: now }, { x: given }) => ({
      state: { w: now ?? w },
      outputs: { given: given ?? w, clone: tf.clone(given ?? w), now: now ?? w, two: tf.scalar(2) },
    }),
    { x, unused: tf.zeros([2], 'bool') },
  );
  const outputs = compiled.call('f', { x, unused: tf.zeros([2], 'bool') });
  expect(Object.keys(outputs)).toEqual(['given', 'clone', 'now', 'two']);
  expect(numbers(outputs, 'given')).toEqual([1, 2, 3, 4]);
  expect(numbers(outputs, 'clone')).toEqual([1, 2, 3, 4]);
  expect(numbers(outputs, 'now')).toEqual([1, 1, 1, 1]);
  expect(numbers(outputs, 'two')).toEqual([2]);
  compiled.dispose();
});

it('draws the numbers of a fed seed', () => {
  const draw = (seed: tf.Tensor | undefined) =>
    native('StatelessRandomUniform', [tf.tensor1d([3], 'int32'), seed ?? w], {
      dtype: attr.type('float32'),
      T: attr.type('int32'),
      Tseed: attr.type('int32'),
    });
  const seeds = [1, 2].map((seed) => tf.tensor1d([7, seed], 'int32'));
  const compiled = one((_, { seed }) => ({ outputs: { u: draw(seed) } }), { seed: seeds[0] ?? w });
  const drawn = seeds.map((seed) => numbers(compiled.call('f', { seed }), 'u'));
  expect(drawn).toEqual(seeds.map((seed) => [...draw(seed).dataSync()]));
  expect(drawn[0]).not.toEqual(drawn[1]);
  compiled.dispose();
});

it('counts in int32 and computes a schedule in the graph', () => {
  const compiled = one(
    ({ t }) => ({
      state: { t: tf.add(t ?? 0, tf.scalar(1, 'int32')) },
      outputs: { rate: tf.cos(tf.mul(tf.cast(t ?? w, 'float32'), Math.PI / 4)) },
    }),
    {},
    { t: tf.scalar(0, 'int32') },
  );
  const rates = [0, 1, 2].map(() => numbers(compiled.call('f', {}), 'rate')[0]);
  rates.forEach((rate, t) => {
    expect(rate).toBeCloseTo(Math.cos((t * Math.PI) / 4), 6);
  });
  compiled.dispose();
});

it('leaks nothing in 2,000 calls, nor in compiling again', () => {
  const add: Entry['step'] = ({ w: now }, { x: given }) => {
    const next = tf.add(now ?? 0, given ?? 0);
    return { state: { w: next }, outputs: { sum: tf.sum(next) } };
  };
  const { binding } = nativeBackend();
  one(add).dispose();
  const tensors = tf.memory().numTensors;
  const native = binding.getNumOfTensors();
  const graphs = binding.getNumOfSavedModels();
  // A folder of its own: other processes compile too.
  const temporary = mkdtempSync(join(tmpdir(), 'ssp-leaks-'));
  vi.stubEnv('TMPDIR', temporary);
  const compiled = one(add);
  for (let i = 0; i < 2000; i++) tf.dispose(compiled.call('f', { x }));
  expect(stateOf(compiled, 'w')).toEqual([2001, 4001, 6001, 8001]);
  compiled.dispose();
  for (let i = 0; i < 5; i++) one(add).dispose();
  expect(tf.memory().numTensors).toBe(tensors);
  expect(binding.getNumOfTensors()).toBe(native);
  expect(binding.getNumOfSavedModels()).toBe(graphs);
  vi.unstubAllEnvs();
  expect(readdirSync(temporary)).toEqual([]);
});

it('compiles a step in which numbers that only stand in are refused', () => {
  const many = tf.tensor1d(Array.from({ length: 5000 }, (_, i) => i % 4));
  const compiled = one(
    ({ w: now }, { x: given }) => {
      // Results of one shape share their memory in a trace: the indices would be these.
      const far = tf.mul(given ?? 0, 1000);
      const indices = tf.cast(tf.mul(given ?? 0, 1), 'int32');
      const inputs = [tf.mul(now ?? 0, 2), indices, tf.scalar(0, 'int32')];
      const taken = native('GatherV2', inputs, {
        Tparams: attr.type('float32'),
        Tindices: attr.type('int32'),
        Taxis: attr.type('int32'),
        batch_dims: attr.int(0),
      });
      return { outputs: { sum: tf.sum(tf.add(taken, far)) } };
    },
    { x: many },
  );
  expect(numbers(compiled.call('f', { x: many }), 'sum')).toEqual([7_510_000]);
  compiled.dispose();
});
