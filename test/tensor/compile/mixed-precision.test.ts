import { expect, it } from 'vitest';
import { compile } from '../../../src/tensor/compile/compile.js';
import { createGraph, type Graph, isConstValue } from '../../../src/tensor/compile/graph.js';
import { type Precision, withPrecision } from '../../../src/tensor/compile/mixed-precision.js';
import type { Entry } from '../../../src/tensor/compile/trace-entry.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { inMixedRegion } from '../../../src/tensor/layers/mixed-region.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { pick, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { attr, tfType } from '../../../src/tensor/native.js';
import { resnet } from '../../../src/tensor/networks/resnet.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';

loadTensorFlow({ threads: 2 });

const float = { T: attr.type('float32') };
const mark = (text: string) => ({ ...float, message: attr.string(`${text} mixed precision`) });

/** Two products in a region, a sum of them, a mean, and a product after it. */
function sketch(): Graph {
  const graph = createGraph('n');
  const add = (op: string, inputs: string[], name: string, attrs: Parameters<Graph['add']>[2]) =>
    graph.add(op, inputs, attrs, { name });
  add('Placeholder', [], 'x', {});
  add('Placeholder', [], 'w', {});
  add('PreventGradient', ['x'], 'x_in', mark('enters'));
  add('PreventGradient', ['w'], 'w_in', mark('enters'));
  add('MatMul', ['x', 'w'], 'before', float);
  add('MatMul', ['x_in', 'w_in'], 'first', float);
  add('MatMul', ['first', 'w_in'], 'second', float);
  add('AddV2', ['first', 'second'], 'sum', float);
  add('Mean', ['sum', 'first'], 'mean', float);
  add('Relu', ['mean'], 'relu', float);
  add('MatMul', ['x_in', 'x_in'], 'aside', float);
  add('PreventGradient', ['relu'], 'out', mark('leaves'));
  add('MatMul', ['out', 'w'], 'head', float);
  return graph;
}

const typed = (graph: Graph): string[] =>
  [...graph.nodes.values()].flatMap(({ name, attrs: { T } }) =>
    T !== undefined && !isConstValue(T) && T.value === tfType.bfloat16 ? [name] : [],
  );

it('computes products and what passes them on in bfloat16 between the marks alone', () => {
  const graph = withPrecision(sketch(), 'bf16');
  expect(typed(graph)).toEqual(['first', 'second', 'sum']);
  const inputsOf = (name: string) => graph.nodes.get(name)?.inputs;
  expect(inputsOf('first')).toEqual(['x_as_bfloat16', 'w_as_bfloat16']);
  expect(inputsOf('second')).toEqual(['first', 'w_as_bfloat16']);
  expect(inputsOf('mean')).toEqual(['sum_as_float32', 'first_as_float32']);
  expect(inputsOf('head')).toEqual(['relu', 'w']);
  const casts = [...graph.nodes.values()].filter(({ op }) => op === 'Cast');
  expect(casts.map(({ name }) => name)).toEqual([
    ...['x_as_bfloat16', 'w_as_bfloat16', 'sum_as_float32', 'first_as_float32'],
  ]);
});

it('keeps what a layer marks for its gradient in bfloat16 inside a region alone', () => {
  const graph = sketch();
  graph.add('PreventGradient', ['mean'], mark('is kept in'), { name: 'keep' });
  graph.add('Mul', ['keep', 'second'], float, { name: 'gradient' });
  graph.add('PreventGradient', ['gradient'], mark('leaves'), { name: 'gradient_out' });
  graph.add('PreventGradient', ['head'], mark('is kept in'), { name: 'keep_head' });
  graph.add('Neg', ['keep_head'], float, { name: 'after' });
  const mixed = withPrecision(graph, 'bf16').nodes;
  expect(mixed.get('gradient')?.inputs).toEqual(['mean_as_bfloat16', 'second']);
  expect(mixed.get('after')?.inputs).toEqual(['head']);
  expect(withPrecision(graph, 'fp32').nodes.get('gradient')?.inputs).toEqual(['mean', 'second']);
});

it('leaves no cast between pooling and its gradient, which is quick only beside it', () => {
  const graph = sketch();
  graph.add('MaxPool', ['first'], float, { name: 'pool' });
  graph.add('MaxPoolGrad', ['first', 'pool', 'second'], float, { name: 'pool_gradient' });
  graph.add('PreventGradient', ['pool_gradient'], mark('leaves'), { name: 'pool_out' });
  const mixed = withPrecision(graph, 'bf16');
  expect(typed(mixed)).toEqual(['first', 'second', 'sum', 'pool', 'pool_gradient']);
  expect(mixed.nodes.get('pool_gradient')?.inputs).toEqual(['first', 'pool', 'second']);
});

it('takes the marks away, and nothing else, in fp32', () => {
  const graph = withPrecision(sketch(), 'fp32');
  expect(typed(graph)).toEqual([]);
  expect(graph.nodes.size).toBe(sketch().nodes.size - 3);
  expect(graph.nodes.get('first')?.inputs).toEqual(['x', 'w']);
});

const network = resnet(
  { block: 'basic', blocks: [1, 1], width: 8, stem: 'small' },
  { zeroInitResidual: false },
);
const rng = createRng(3);
const begin = network.init(rng);
const head = tf.mul(0.1, tf.randomNormal([network.features, 4], 0, 1, 'float32', 5));
const images = tf.randomUniform<tf.Rank.R4>([16, 12, 12, 3], 0, 1, 'float32', 7);
const labels = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: 16 }, (_, i) => i % 4),
    'int32',
  ),
  4,
);
const seed = tf.tensor1d([0, 0], 'int32');
const start = {
  ...prefixed({ ...begin.trained, head }, 'trained'),
  ...prefixed(begin.stats, 'stats'),
};

const step: Entry['step'] = (state, { x, y }) => {
  const { loss, gradients, others } = differentiate(under(state, 'trained'), (trained) => {
    const weights = { trained, stats: under(state, 'stats') };
    const pass = inMixedRegion(network, weights, x as tf.Tensor4D, { seed });
    const logits = tf.matMul(pass.features, pick(trained, 'head') as tf.Tensor2D);
    const entropy = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), y ?? 0)));
    return { loss: tf.div(entropy, 16), others: pass.stats };
  });
  const next = Object.entries(gradients).map(([name, gradient]) => [
    `trained.${name}`,
    tf.sub(pick(state, `trained.${name}`), tf.mul(gradient, 0.1)),
  ]);
  return {
    state: { ...Object.fromEntries(next), ...prefixed(others, 'stats') },
    outputs: { loss },
  };
};

function train(precision: Precision): { losses: number[]; weights: Record<string, number[]> } {
  const compiled = compile({ step: { step, inputs: { x: images, y: labels } } }, start, {
    precision,
  });
  const losses = Array.from({ length: 12 }, () => {
    const { loss } = compiled.call('step', { x: images, y: labels });
    const value = loss?.dataSync()[0] ?? Number.NaN;
    tf.dispose(loss);
    return value;
  });
  const state = compiled.state();
  const weights = Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => {
      expect(tensor.dtype).toBe('float32');
      return [name, Array.from(tensor.dataSync())];
    }),
  );
  tf.dispose(state);
  compiled.dispose();
  return { losses, weights };
}

it('runs steps that share weights without the inputs of one another', () => {
  const look: Entry['step'] = (state, { seen }) => {
    const weights = { trained: under(state, 'trained'), stats: under(state, 'stats') };
    const twice = tf.mul<tf.Tensor4D>(seen as tf.Tensor4D, 2);
    return { outputs: { features: inMixedRegion(network, weights, twice, { seed }).features } };
  };
  const given = { x: images, y: labels };
  const entries = { step: { step, inputs: given }, look: { step: look, inputs: { seen: images } } };
  const compiled = compile(entries, start, { precision: 'bf16' });
  const { loss } = compiled.call('step', given);
  expect(Array.from(loss?.dataSync() ?? [])).toEqual([train('bf16').losses[0]]);
  const { features } = compiled.call('look', { seen: images });
  expect(features?.shape).toEqual([16, network.features]);
  tf.dispose([loss, features]);
  compiled.dispose();
});

it('trains in bf16 along the losses of fp32, the same each time, with float32 weights', () => {
  const [full, half] = [train('fp32'), train('bf16')];
  expect(train('bf16')).toEqual(half);
  expect(half.losses).not.toEqual(full.losses);
  // bfloat16 has 8 bits of mantissa: 0.4 % for each product, and these average out.
  half.losses.forEach((loss, index) => {
    expect(Math.abs(loss - (full.losses[index] ?? 0)), `step ${index}`).toBeLessThan(0.02);
  });
  expect(full.losses.at(-1)).toBeLessThan(0.97 * (full.losses[0] ?? 0));
  // Weights are no bfloat16 numbers: their low bits are used.
  const low = new Uint32Array(Float32Array.from(half.weights['trained.conv1.weight'] ?? []).buffer);
  expect(low.some((bits) => (bits & 0xffff) !== 0)).toBe(true);
});
