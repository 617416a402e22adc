import { expect, it } from 'vitest';
import { Bug } from '../../src/base/errors.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { attr, native, nativeBackend, tfType } from '../../src/tensor/native.js';
import { tf } from '../../src/tensor/tf.js';

it('refuses to run before TensorFlow is loaded', () => {
  expect(() => nativeBackend()).toThrow(Bug);
  loadTensorFlow();
  expect(nativeBackend().getNumOfTFTensors()).toBe(0);
});

it("uses the binding's own numbers for types and attributes", () => {
  const { binding } = nativeBackend();
  expect(tfType).toMatchObject({
    float32: binding.TF_FLOAT,
    int32: binding.TF_INT32,
    int64: binding.TF_INT64,
    bool: binding.TF_BOOL,
    complex64: binding.TF_COMPLEX64,
    string: binding.TF_STRING,
    resource: binding.TF_RESOURCE,
    uint8: binding.TF_UINT8,
  });
  expect(attr.string('').type).toBe(binding.TF_ATTR_STRING);
  expect(attr.int(0).type).toBe(binding.TF_ATTR_INT);
  expect(attr.float(0).type).toBe(binding.TF_ATTR_FLOAT);
  expect(attr.bool(true).type).toBe(binding.TF_ATTR_BOOL);
  expect(attr.type('bool').type).toBe(binding.TF_ATTR_TYPE);
  expect(attr.shape([]).type).toBe(binding.TF_ATTR_SHAPE);
});

it('runs ops with one and several outputs, inside tidy', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [4, 1, 1, 1]);
    const float = attr.type('float32');
    const [y, mean, variance] = native(
      'FusedBatchNormV3',
      [x, tf.ones([1]), tf.zeros([1]), tf.zeros([1]), tf.ones([1])],
      { T: float, U: float, epsilon: attr.float(0), is_training: attr.bool(true) },
      6,
    );
    expect(y.shape).toEqual([4, 1, 1, 1]);
    expect(mean.dataSync()[0]).toBeCloseTo(2.5, 6);
    // Unbiased: divided by n - 1.
    expect(variance.dataSync()[0]).toBeCloseTo(5 / 3, 6);
    const slope = native('ReluGrad', [tf.ones([3]), tf.tensor1d([-1, 0, 2])], { T: float });
    expect([...slope.dataSync()]).toEqual([0, 0, 1]);
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('takes lists and strings as attributes, and other element types', () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const pooled = native('MaxPool', [x], {
      T: attr.type('float32'),
      ksize: attr.ints([1, 2, 2, 1]),
      strides: attr.ints([1, 2, 2, 1]),
      padding: attr.string('VALID'),
    });
    expect([...pooled.dataSync()]).toEqual([4]);
    const uint8 = attr.type('uint8');
    const int32 = attr.type('int32');
    const wrapped = native('Cast', [tf.tensor1d([257], 'int32')], { SrcT: int32, DstT: uint8 });
    expect([...native('Cast', [wrapped], { SrcT: uint8, DstT: int32 }).dataSync()]).toEqual([1]);
  });
});

it("throws TensorFlow's message", () => {
  expect(() => native('NoSuchOp', [], {})).toThrow(/NoSuchOp/);
  const float = { T: attr.type('float32') };
  expect(() => native('MatMul', [tf.ones([2, 3]), tf.ones([2, 3])], float)).toThrow(
    /size-incompatible|Matrix size/i,
  );
});
