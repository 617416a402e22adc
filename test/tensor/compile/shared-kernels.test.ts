import { expect, it } from 'vitest';
import { asMatrix, asRank4 } from '../../../src/tensor/as-rank.js';
import { compile } from '../../../src/tensor/compile/compile.js';
import { withSharedKernels } from '../../../src/tensor/compile/shared-kernels.js';
import { traceEntry } from '../../../src/tensor/compile/trace-entry.js';
import { declareVariables } from '../../../src/tensor/compile/variables.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { conv2d } from '../../../src/tensor/layers/conv2d.js';
import { dense } from '../../../src/tensor/layers/dense.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 1 });

const rng = createRng(0);
const random = (shape: readonly number[]): tf.Tensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => rng.uniform() - 0.5),
    [...shape],
  );
};

/** Images minus their mean: what makes views pass alone. */
const centred = (x: tf.Tensor) => tf.sin(tf.sub(x, tf.mean(x, [0, 1, 2], true)));

interface Shape {
  readonly views: number;
  readonly pixels: number;
  readonly stride?: 1 | 2;
  /** Whether the second view is of more pixels. */
  readonly uneven?: boolean;
  /** Whether the first view passes the second convolution twice. */
  readonly again?: boolean;
}

/** Loss and gradients of views that pass two convolutions by turns; the second has the same kernel for all. */
function stepOf({ views, stride = 1, again = false }: Shape) {
  return (state: NamedTensors, inputs: NamedTensors) => {
    const { loss, gradients } = differentiate({ ...state, ...inputs }, (given) => {
      const losses = Array.from({ length: views }, (_, view) => {
        const layer = (x: tf.Tensor, kernel: string, step: 1 | 2 = 1) =>
          centred(conv2d(asRank4(x), asRank4(pick(given, kernel)), { stride: step }));
        const middle = layer(pick(given, `x${view}`), 'first', stride);
        const end = layer(middle, 'second');
        return tf.sum<tf.Scalar>(tf.cos(again && view === 0 ? layer(end, 'second') : end));
      });
      return { loss: tf.addN<tf.Scalar>(losses), others: {} };
    });
    return { outputs: { loss, ...gradients } };
  };
}

function given({ views, pixels, uneven = false }: Shape) {
  const state = { first: random([3, 3, 8, 24]), second: random([3, 3, 24, 24]) };
  const inputs = Object.fromEntries(
    Array.from({ length: views }, (_, view) => {
      const side = uneven && view === 1 ? pixels + 2 : pixels;
      return [`x${view}`, random([2, side, side, 8])];
    }),
  );
  return { state, inputs };
}

const shapes: readonly (readonly [string, Shape, number, number, number])[] = [
  ['two views', { views: 2, pixels: 3 }, 2, 2, 2],
  ['four views, with a stride', { views: 4, pixels: 5, stride: 2 }, 2, 2, 2],
  // The first kernel repays its images of 12 x 12 pixels no more, the second its smaller ones.
  ['views that are large at first', { views: 2, pixels: 12, stride: 2 }, 3, 3, 3],
  ['views of two sizes', { views: 2, pixels: 3, uneven: true }, 4, 4, 4],
  ['one view', { views: 1, pixels: 3 }, 2, 2, 2],
];

it.each(shapes)('makes one convolution of those by one kernel: %s', (_, shape, y, x, kernel) => {
  const { state, inputs } = given(shape);
  const entry = { step: stepOf(shape), inputs };
  const traced = traceEntry('e/', entry, state, declareVariables(state));
  const ops = [...withSharedKernels(traced.graph).nodes.values()].map(({ op }) => op);
  const count = (wanted: string) => ops.filter((op) => op === wanted).length;
  expect(count('Conv2D')).toBe(y);
  expect(count('Conv2DBackpropInput')).toBe(x);
  expect(count('Conv2DBackpropFilter')).toBe(kernel);
});

it.each([
  ...shapes.map(([name, shape]) => [name, shape] as const),
  ['a view that passes a kernel twice', { views: 3, pixels: 3, again: true }] as const,
])('computes the same: %s', (_, shape) => {
  const { state, inputs } = given(shape);
  const step = stepOf(shape);
  const eager = step(state, inputs).outputs;
  const compiled = compile({ step: { step, inputs } }, state);
  const found = compiled.call('step', inputs);
  for (const [name, tensor] of Object.entries(eager)) {
    const [expected, values] = [tensor.dataSync(), found[name]?.dataSync() ?? []];
    expect(values.length).toBe(expected.length);
    expected.forEach((value, index) => {
      const difference = Math.abs(value - (values[index] ?? Number.NaN));
      expect(difference).toBeLessThan(2e-4 * Math.max(1, Math.abs(value)));
    });
  }
  compiled.dispose();
});

/** The same with matrices, on rows beside each other. */
function denseStep(views: number) {
  return (state: NamedTensors, inputs: NamedTensors) => {
    const { loss, gradients } = differentiate({ ...state, ...inputs }, (given) => {
      const layer = (x: tf.Tensor, weights: string) =>
        tf.sin(tf.sub(dense(asMatrix(x), asMatrix(pick(given, weights))), tf.mean(x)));
      const losses = Array.from({ length: views }, (_, view) =>
        tf.sum<tf.Scalar>(tf.cos(layer(layer(pick(given, `x${view}`), 'first'), 'second'))),
      );
      return { loss: tf.addN<tf.Scalar>(losses), others: {} };
    });
    return { outputs: { loss, ...gradients } };
  };
}

it.each([
  [1, 4, 6],
  [2, 4, 6],
  [3, 4, 6],
  // More rows than the matrices have: they are copied less gladly than the matrices are read.
  [2, 40, 12],
])('makes one product of those by one matrix: %i views of %i rows', (views, rows, products) => {
  const state = { first: random([12, 16]), second: random([16, 12]) };
  const inputs = Object.fromEntries(
    Array.from({ length: views }, (_, view) => [`x${view}`, random([rows, 12])]),
  );
  const entry = { step: denseStep(views), inputs };
  const traced = traceEntry('e/', entry, state, declareVariables(state));
  const ops = [...withSharedKernels(traced.graph).nodes.values()].map(({ op }) => op);
  expect(ops.filter((op) => op === 'MatMul')).toHaveLength(products);
  const compiled = compile({ step: entry }, state);
  const found = compiled.call('step', inputs);
  for (const [name, tensor] of Object.entries(entry.step(state, inputs).outputs)) {
    const values = found[name]?.dataSync() ?? [];
    tensor.dataSync().forEach((value, index) => {
      expect(Math.abs(value - (values[index] ?? Number.NaN))).toBeLessThan(1e-5);
    });
  }
  compiled.dispose();
});
