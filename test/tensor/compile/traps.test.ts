import { expect, it } from 'vitest';
import { SspError } from '../../../src/base/errors.js';
import { compile } from '../../../src/tensor/compile/compile.js';
import type { Entry } from '../../../src/tensor/compile/trace-entry.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import type { NamedTensors } from '../../../src/tensor/named-tensors.js';
import { attr, native, nativeBackend } from '../../../src/tensor/native.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 2 });

const x = tf.tensor1d([1, 2, 3, 4]);
const w = tf.tensor1d([1, 1, 1, 1]);
const zero = tf.scalar(0);

/** The error of compiling a step on x and w, which leaves nothing behind. */
function refusal(step: Entry['step'], state: NamedTensors = { w }): SspError {
  const before = tf.memory().numTensors;
  const { binding } = nativeBackend();
  try {
    compile({ f: { step, inputs: { x } } }, state).dispose();
  } catch (error) {
    expect(nativeBackend().binding).toBe(binding);
    expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    expect(error).toBeInstanceOf(SspError);
    if (error instanceof SspError) return error;
  }
  throw new Error('the step was compiled');
}
const here = /\(at .*traps\.test\.ts:\d+:\d+\)$/;
const giving = (y: tf.Tensor) => ({ outputs: { y } });

it('refuses host reads of inputs, state and what follows from them, and says where', () => {
  const read = (tensor: tf.Tensor | undefined) => (tensor ?? zero).dataSync()[0] ?? 0;
  for (const [step, what] of [
    [(_: NamedTensors, i: NamedTensors) => giving(tf.scalar(read(i.x))), 'an input'],
    [(s: NamedTensors) => giving(tf.scalar(read(s.w))), 'its state'],
    [(s: NamedTensors) => giving(tf.scalar(read(tf.sqrt(s.w ?? 0)))), 'the result of Sqrt'],
  ] as const) {
    const error = refusal(step);
    expect(error.code).toBe('cannot-compile');
    expect(error.message).toContain(what);
    expect(error.message).toMatch(here);
  }
  for (const old of [tf.add(x, 1), tf.tensor1d([5])]) {
    expect(refusal(() => giving(tf.scalar(read(old)))).message).toContain('from before it');
  }
});

it('allows host reads of what never changes', () => {
  const compiled = compile(
    {
      f: {
        inputs: { x },
        step: (_, i) => giving(tf.mul(i.x ?? 0, tf.sqrt(tf.scalar(9)).dataSync()[0] ?? 0)),
      },
    },
    { w },
  );
  expect([...(compiled.call('f', { x }).y?.dataSync() ?? [])]).toEqual([3, 6, 9, 12]);
  compiled.dispose();
});

it('refuses tensors from outside, used before or not', () => {
  const used = tf.add(x, 1);
  const unused = tf.tensor1d([5, 5, 5, 5]);
  const variable = tf.variable(tf.tensor1d([7, 7, 7, 7]));
  for (const tensor of [used, unused, variable]) {
    const { message, help } = refusal((_, i) => giving(tf.sub(i.x ?? 0, tensor)));
    expect(message).toMatch(/^Sub uses a tensor that was made before the step/);
    expect(message).toMatch(here);
    expect(help).toContain('input');
    expect(refusal(() => giving(tensor)).message).toMatch(/^the result uses a tensor/);
  }
});

it('refuses numbers that JavaScript draws or counts', () => {
  let count = 0;
  for (const [op, step] of [
    ['Add', (_: NamedTensors, i: NamedTensors) => giving(tf.dropout(i.x ?? zero, 0.5))],
    ['Add', (_: NamedTensors, i: NamedTensors) => giving(tf.add(i.x ?? 0, Math.random()))],
    ['Add', (_: NamedTensors, i: NamedTensors) => giving(tf.add(i.x ?? 0, count++))],
    ['Identity', () => giving(tf.randomNormal([3]))],
  ] as const) {
    const { message, help } = refusal(step);
    expect(message).toContain(`does other work at each call: ${op} got another number`);
    expect(help).toContain('seed');
  }
  let longer = false;
  expect(
    refusal((_, i) => {
      longer = !longer;
      return giving(longer ? tf.neg(i.x ?? 0) : tf.neg(tf.neg(i.x ?? 0)));
    }).message,
  ).toContain('other work');
});

it('refuses random ops with a state of their own, and shapes that depend on values', () => {
  const float = { dtype: attr.type('float32'), T: attr.type('int32') };
  const random = refusal(() => giving(native('RandomUniform', [tf.tensor1d([3], 'int32')], float)));
  expect(random.message).toMatch(/^RandomUniform draws/);
  expect(random.message).toMatch(here);
  const where = refusal((_, i) =>
    giving(native('Where', [tf.greater(i.x ?? 0, 2)], { T: attr.type('bool') })),
  );
  expect(where.message).toMatch(/^the shape of what Where gives depends on values \(at /);
  const reshape = refusal((_, i) => {
    const shape = tf.cast(tf.slice(i.x ?? zero, 3, 1), 'int32');
    const types = { T: attr.type('float32'), Tshape: attr.type('int32') };
    return giving(native('Reshape', [i.x ?? zero, shape], types));
  });
  expect(reshape.message).toContain('the shape of what Reshape gives');
});

it('refuses state that comes back with another type, shape or name', () => {
  const count = tf.scalar(0, 'int32');
  const type = refusal((s) => ({ state: { count: tf.add(s.count ?? 0, 1) }, outputs: {} }), {
    count,
  });
  expect(type.message).toMatch(
    /state count is int32 \(\), but comes back as float32 \(\) from Add/,
  );
  expect(type.message).toMatch(here);
  const shape = refusal((s) => ({ state: { w: tf.sum(s.w ?? 0) }, outputs: {} }));
  expect(shape.message).toMatch(
    /state w is float32 \(4\), but comes back as float32 \(\) from Sum/,
  );
  const name = refusal((s) => ({ state: { v: tf.sum(s.w ?? 0) }, outputs: {} }));
  expect(name.message).toContain('state v, which it was not given');
  expect(refusal((s) => ({ state: { w: tf.complex(s.w ?? 0, s.w ?? 0) }, outputs: {} })).code).toBe(
    'cannot-compile',
  );
});

it('says which op TensorFlow does not take', () => {
  const typeless = refusal((_, i) => giving(native('Sqrt', [i.x ?? zero], {})));
  expect(typeless.message).toMatch(/because of Sqrt.*attr/);
  expect(typeless.message).toMatch(here);
});

it('does not compute with inputs of another shape, type or name', () => {
  const compiled = compile(
    { f: { inputs: { x }, step: (_, i) => giving(tf.sum(i.x ?? 0)) } },
    { w },
  );
  const shape = { x: tf.ones([3]) };
  expect(() => compiled.call('f', shape)).toThrow('input x of f is float32 (3)');
  expect(() => compiled.call('f', { x: tf.ones([4], 'int32') })).toThrow('int32 (4)');
  expect(() => compiled.call('f', { y: x })).toThrow('no tensor x');
  expect(() => compiled.call('f', { x, y: x })).toThrow('takes 1 inputs');
  expect(() => compiled.set({ w: tf.ones([3]) })).toThrow('state w is float32 (3)');
  compiled.dispose();
  expect(() => compiled.call('f', { x })).toThrow('disposed');
});
