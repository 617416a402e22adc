import { expect, it } from 'vitest';
import { compile } from '../../../src/tensor/compile/compile.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import type { NamedTensors } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 2 });

type Op = (...given: tf.Tensor[]) => tf.Tensor;
const uniform = (shape: number[], seed: number) =>
  tf.randomUniform(shape, 0.1, 0.9, 'float32', seed);
const given = {
  a: uniform([4, 6], 1),
  b: uniform([4, 6], 2),
  m: uniform([6, 5], 3),
  v: uniform([6], 4),
  s: uniform([2, 5, 6], 5),
  i: uniform([2, 8, 8, 3], 6),
  k: uniform([3, 3, 3, 4], 7),
  d: uniform([3, 3, 3, 2], 8),
  x5: uniform([2, 4, 4, 4, 3], 9),
  k5: uniform([2, 2, 2, 3, 2], 10),
  at: tf.tensor1d([0, 2, 1], 'int32'),
  yes: tf.tensor2d(
    Array.from({ length: 24 }, (_, n) => (n * 7) % 3 === 0),
    [4, 6],
    'bool',
  ),
};
type Name = keyof typeof given;

/** Each op with the names of its inputs; in `differentiable` its gradients too. */
const plain: Record<string, readonly [Op, readonly Name[]]> = {};
const differentiable: Record<string, readonly [Op, readonly Name[]]> = {};

const unary = [
  ...['abs', 'acos', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu', 'erf', 'exp'],
  ...['expm1', 'floor', 'leakyRelu', 'log', 'log1p', 'logSigmoid', 'logSoftmax', 'neg', 'onesLike'],
  ...['reciprocal', 'relu', 'relu6', 'round', 'rsqrt', 'selu', 'sigmoid', 'sign', 'sin', 'sinh'],
  ...['softmax', 'softplus', 'sqrt', 'square', 'step', 'tan', 'tanh', 'zerosLike'],
] as const;
for (const name of unary) differentiable[name] = [(x) => tf[name](x), ['a']];
for (const name of ['isNaN', 'isInf', 'isFinite'] as const) {
  plain[name] = [(x) => tf.cast(tf[name](x), 'float32'), ['a']];
}
const binary = [
  ...['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'mod', 'pow'],
  ...['squaredDifference', 'atan2'],
] as const;
for (const name of binary) {
  differentiable[name] = [(x, y) => tf[name](x ?? 0, y ?? 0), ['a', 'b']];
  // TensorFlow.js has no gradient of these where shapes differ.
  const only = ['maximum', 'minimum', 'squaredDifference'].includes(name) ? plain : differentiable;
  only[`${name}, broadcast`] = [(x, y) => tf[name](x ?? 0, y ?? 0), ['a', 'v']];
}
plain.divNoNan = [(x, y) => tf.divNoNan(x ?? 0, y ?? 0), ['a', 'b']];
plain.floorDiv = [(x, y) => tf.floorDiv(x ?? 0, y ?? 0), ['a', 'b']];
for (const name of ['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const) {
  plain[name] = [(x, y) => tf[name](x ?? 0, y ?? 0), ['a', 'b']];
}
for (const name of ['sum', 'mean', 'max', 'min'] as const) {
  differentiable[name] = [(x) => tf[name](x, 1), ['a']];
  differentiable[`${name} of all`] = [(x) => tf[name](x), ['a']];
}
Object.assign(plain, {
  prod: [(x) => tf.prod(x, 1), ['a']],
  'mean of truths': [(x) => tf.mean(x), ['yes']],
  'sum of truths': [(x) => tf.sum(tf.cast(x, 'int32')), ['yes']],
  all: [(x) => tf.all(x, 1), ['yes']],
  any: [(x) => tf.any(x, 1), ['yes']],
  logicalNot: [(x) => tf.logicalAnd(x, tf.logicalNot(x)), ['yes']],
  logicalOr: [(x) => tf.logicalOr(x, tf.logicalNot(x)), ['yes']],
  argMax: [(x) => tf.argMax(x, 1), ['a']],
  argMin: [(x) => tf.argMin(x, 1), ['a']],
  topk: [(x) => tf.topk(x, 2).values, ['a']],
  where: [(c, x, y) => tf.where(c, x, y), ['yes', 'a', 'b']],
  'to int32': [(x) => tf.cast(tf.mul(x, 9), 'int32'), ['a']],
  oneHot: [(n) => tf.oneHot(n, 4), ['at']],
  'gather constants': [(x) => tf.gather(x, [0, 2, 1]), ['a']],
  gatherND: [(x, n) => tf.gatherND(x, tf.expandDims(n, 1)), ['a', 'at']],
  scatterND: [(n, x) => tf.scatterND(tf.expandDims(n, 1), tf.slice(x, 0, 3), [5, 6]), ['at', 'a']],
  unsortedSegmentSum: [(x, n) => tf.unsortedSegmentSum(tf.slice(x, 0, 3), n, 4), ['a', 'at']],
  reverse: [(x) => tf.reverse(x, 1), ['a']],
  stridedSlice: [(x) => tf.stridedSlice(x, [0, 1], [4, 6], [2, 2]), ['a']],
  mirrorPad: [
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 1],
          [1, 2],
        ],
        'reflect',
      ),
    ['a'],
  ],
  linspace: [(x) => tf.add(x, tf.linspace(0, 1, 6)), ['a']],
  range: [(x) => tf.add(x, tf.range(0, 6)), ['a']],
  eye: [(x) => tf.matMul(x, tf.eye(6)), ['a']],
  fill: [(x) => tf.add(x, tf.fill([4, 6], 2)), ['a']],
  einsum: [(x) => tf.einsum('bij,bkj->bik', x, x), ['s']],
  resizeNearest: [(x) => tf.image.resizeNearestNeighbor(x, [16, 16]), ['i']],
  flip: [(x) => tf.image.flipLeftRight(x), ['i']],
  depthToSpace: [(x) => tf.depthToSpace(tf.reshape(x, [2, 4, 4, 12]), 2), ['i']],
  fused: [
    (x, y) => tf.fused.matMul({ a: x, b: y, activation: 'relu', bias: tf.ones([5]) }),
    ['a', 'm'],
  ],
  rfft: [(x) => tf.abs(tf.rfft(x)), ['a']],
} satisfies Record<string, readonly [(...given: never[]) => tf.Tensor, readonly Name[]]>);
Object.assign(differentiable, {
  matMul: [(x, y) => tf.matMul(x, y), ['a', 'm']],
  'matMul, transposed': [(x) => tf.matMul(x, x, false, true), ['s']],
  dot: [(x, y) => tf.dot(x, y), ['a', 'v']],
  conv2d: [(x, k) => tf.conv2d(x, k, 1, 'same'), ['i', 'k']],
  'conv2d, stride 2': [(x, k) => tf.conv2d(x, k, 2, 'valid'), ['i', 'k']],
  depthwiseConv2d: [(x, k) => tf.depthwiseConv2d(x, k, 1, 'same'), ['i', 'd']],
  conv3d: [(x, k) => tf.conv3d(x, k, 1, 'same'), ['x5', 'k5']],
  maxPool: [(x) => tf.maxPool(x, 3, 2, 'same'), ['i']],
  avgPool: [(x) => tf.avgPool(x, 2, 2, 'valid'), ['i']],
  batchNorm: [
    (x) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean, variance, tf.zeros([3]), tf.ones([3]));
    },
    ['i'],
  ],
  layerNorm: [
    (x) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
    },
    ['s'],
  ],
  gelu: [(x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))), ['s']],
  reshape: [(x) => tf.reshape(x, [2, -1]), ['a']],
  expandDims: [(x) => tf.expandDims(x, 1), ['a']],
  'expandDims of int32': [(x, n) => tf.mul(tf.slice(x, 0, 3), tf.expandDims(n, 1)), ['a', 'at']],
  squeeze: [(x) => tf.squeeze(tf.expandDims(x, 1)), ['a']],
  transpose: [(x) => tf.transpose(x, [2, 0, 1]), ['s']],
  concat: [(x, y) => tf.concat([x, y], 1), ['a', 'b']],
  stack: [(x, y) => tf.stack([x, y]), ['a', 'b']],
  unstack: [(x) => tf.unstack(x, 1)[2] ?? x, ['a']],
  split: [(x) => tf.split(x, [2, 4], 1)[1] ?? x, ['a']],
  slice: [(x) => tf.slice(x, [1, 2], [2, 3]), ['a']],
  pad: [
    (x) =>
      tf.pad(x, [
        [1, 1],
        [0, 2],
      ]),
    ['a'],
  ],
  tile: [(x) => tf.tile(x, [2, 1]), ['a']],
  cumsum: [(x) => tf.cumsum(x, 1), ['a']],
  logSumExp: [(x) => tf.logSumExp(x, 1), ['a']],
  norm: [(x) => tf.norm(x, 2, 1), ['a']],
  clipByValue: [(x) => tf.clipByValue(x, 0.2, 0.6), ['a']],
  prelu: [(x, y) => tf.prelu(x, y), ['a', 'v']],
  addN: [(x, y) => tf.addN([x, y]), ['a', 'b']],
  softmaxCrossEntropy: [
    (x, y) => tf.losses.softmaxCrossEntropy(tf.ones([4, 6]), tf.add(x, y)),
    ['a', 'b'],
  ],
} satisfies Record<string, readonly [(...given: never[]) => tf.Tensor, readonly Name[]]>);

/** All results by the name of the op: as they are, and as gradients of a weighted sum. */
function allOf(inputs: NamedTensors): NamedTensors {
  const results: Record<string, tf.Tensor> = {};
  const of = (names: readonly Name[]) => names.map((name) => inputs[name] ?? tf.scalar(0));
  for (const [name, [op, names]] of Object.entries({ ...plain, ...differentiable })) {
    results[name] = op(...of(names));
  }
  for (const [name, [op, names]] of Object.entries(differentiable)) {
    const weighted = (...x: tf.Tensor[]) => tf.sum(tf.mul(op(...x), 0.37));
    const floats = names.filter((input) => given[input].dtype === 'float32');
    const fixed = of(names).slice(floats.length);
    tf.grads((...x) => weighted(...x, ...fixed))(of(floats)).forEach((gradient, index) => {
      results[`gradient ${index} of ${name}`] = gradient;
    });
  }
  return results;
}

it('computes what TensorFlow.js computes, gradients included', () => {
  const eager = tf.tidy(() => allOf(given));
  const step = (_: NamedTensors, inputs: NamedTensors) => ({ outputs: allOf(inputs) });
  const compiled = compile({ all: { step, inputs: given } }, {});
  const outputs = compiled.call('all', given);
  compiled.dispose();
  expect(Object.keys(outputs).length).toBeGreaterThan(200);
  for (const [name, tensor] of Object.entries(eager)) {
    const output = outputs[name];
    expect([output?.dtype, output?.shape], name).toEqual([tensor.dtype, tensor.shape]);
    const values = output?.dataSync() ?? [];
    tensor.dataSync().forEach((expected, index) => {
      const off = Math.abs((values[index] ?? Number.NaN) - expected) / (1 + Math.abs(expected));
      expect(Number.isNaN(expected) ? 0 : off, `${name} at ${index}`).toBeLessThanOrEqual(1e-5);
    });
  }
});

it('says of ops that compute on the host that they do', () => {
  const inputs = { a: given.a, at: given.at };
  const gather = (_: NamedTensors, { a, at }: NamedTensors) => ({
    outputs: { y: tf.gather(a ?? given.a, at ?? given.at) },
  });
  expect(() => compile({ gather: { step: gather, inputs } }, {})).toThrow(
    /reads an input on the host.*ops\.test\.ts/,
  );
});
