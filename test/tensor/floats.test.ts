import { beforeAll, expect, it } from 'vitest';
import { floatProduct, inFloat64 } from '../../src/tensor/floats.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { nativeBackend } from '../../src/tensor/native.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('passes every bit to TensorFlow and back', () => {
  const values = Float64Array.of(1 / 3, -Number.MIN_VALUE, 1e300, -0, Number.NaN, Infinity);
  // A part of a longer array, as weights are.
  const part = Float64Array.of(7, ...values).subarray(1);
  const found = inFloat64((ops) => ops.read(ops.of(part, 2, 3)));
  expect(Buffer.from(found.buffer)).toEqual(Buffer.from(values.buffer));
});

it('multiplies in float64, and frees what it made', () => {
  const native = () => nativeBackend().binding.getNumOfTensors();
  const before = native();
  const found = inFloat64((ops) => {
    const a = ops.of(Float64Array.of(1, 1e-12, 1, -1e-12), 2, 2);
    const b = ops.of(Float64Array.of(1, 2), 2, 1);
    return [floatProduct(ops, a, b), floatProduct(ops, a, b, { ofColumns: true })].map(ops.read);
  });
  expect(found.map((array) => [...array])).toEqual([
    [1 + 2e-12, 1 - 2e-12],
    [3, 1e-12 - 2e-12],
  ]);
  expect(() => inFloat64((ops) => ops.run('NoSuchOp', [ops.of(Float64Array.of(1), 1)]))).toThrow();
  expect(native()).toBe(before);
});
