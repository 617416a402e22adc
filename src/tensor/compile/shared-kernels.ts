import { invariant } from '../../base/errors.js';
import { attr, type NativeAttrs, tfType } from '../native.js';
import type { Convolution } from './convolution.js';
import { createGraph, type Graph, type GraphNode, nodeOf, type Ref } from './graph.js';
import { int32 } from './product-parts.js';
import { type SameKernel, sameKernels } from './same-kernel.js';

/**
 * The same graph with one convolution in place of several by the same kernel: of views that pass a network
 * one by one, as each has batch statistics of its own. A convolution lays its kernel out anew at each call,
 * and of a large kernel and few small images that is much of its work. The nodes' names stay, and what they
 * compute; sums of gradients are in another order.
 */
export function withSharedKernels(graph: Graph): Graph {
  const sharing = new Map<string, SameKernel>();
  for (const shared of sameKernels(graph)) {
    for (const { name } of shared.nodes) sharing.set(name, shared);
  }
  if (sharing.size === 0) return graph;
  const result = createGraph('');
  const merge = merging(result);
  const written = new Set<string>();
  // Gradients of kernels that are part of another's now.
  const absorbed = new Set<string>();
  /** Writes nodes behind all that they need. */
  const write = (name: string): void => {
    const node = graph.nodes.get(name);
    if (node === undefined || written.has(name)) return;
    const shared = sharing.get(name);
    const together = shared?.nodes ?? [node];
    for (const { name } of together) written.add(name);
    for (const { inputs } of together) for (const ref of inputs) write(nodeOf(ref));
    if (shared !== undefined) {
      merge(shared);
      const isSum = shared.convolution.wanted === 'kernel';
      for (const { name } of isSum ? together.slice(1) : []) absorbed.add(name);
      return;
    }
    const { op, inputs, attrs, ...more } = node;
    const left = inputs.filter((ref) => !absorbed.has(nodeOf(ref)));
    if (left.length === inputs.length) result.add(op, inputs, attrs, more);
    else if (left.length === 0) absorbed.add(name);
    else result.add('Identity', left, typeOf(node), more);
  };
  for (const name of graph.nodes.keys()) write(name);
  return result;
}

/** Writes convolutions as one, and under the name of each its part of the result; of kernels the sum, under the first's. */
function merging(graph: Graph): (shared: SameKernel) => void {
  const batches = new Map<string, Ref>();
  const integers = (name: string, values: readonly number[], shape = [values.length]): Ref =>
    graph.constant({ dtype: tfType.int32, shape, values: Int32Array.from(values) }, { name });

  return ({ nodes, convolution }) => {
    const [first] = nodes;
    invariant(first !== undefined, 'what is shared is shared by nodes');
    const { name: prefix, op, attrs } = first;
    const more = first.site === undefined ? {} : { site: first.site };
    const add = (name: string, op: string, inputs: readonly Ref[], attrs: NativeAttrs): Ref =>
      graph.add(op, inputs, { ...attrs, ...typeOf(first) }, { name, ...more });

    /** Input `index` of all as one batch; the same batches become one once. */
    const batch = (index: number): Ref => {
      const refs = nodes.map(({ inputs }) => inputs[index] ?? '');
      const key = refs.join();
      const found = batches.get(key);
      if (found !== undefined) return found;
      const given = [...refs, integers(`${prefix}_batch${index}_axis`, [0], [])];
      const kind = { N: attr.int(refs.length), ...int32('Tidx') };
      const made = add(`${prefix}_batch${index}`, 'ConcatV2', given, kind);
      batches.set(key, made);
      return made;
    };

    const { wanted, x, y, ...kernel } = convolution;
    const whole = { ...convolution, x: times(nodes.length, x), y: times(nodes.length, y) };
    const kernelShape = [kernel.k, kernel.k, x[3], y[3]];
    const [, second = ''] = first.inputs;
    if (wanted === 'kernel') {
      const shapes = { inputs: [whole.x, [4], whole.y], outputs: [kernelShape] };
      graph.add(op, [batch(0), second, batch(2)], attrs, { name: prefix, shapes, ...more });
      return;
    }
    const one = `${prefix}_together`;
    const [inputs, shapes] =
      wanted === 'y'
        ? [[batch(0), second], { inputs: [whole.x, kernelShape], outputs: [whole.y] }]
        : [
            [integers(`${prefix}_size`, whole.x), second, batch(2)],
            { inputs: [[4], kernelShape, whole.y], outputs: [whole.x] },
          ];
    graph.add(op, inputs, attrs, { name: one, shapes, ...more });
    const part = wanted === 'y' ? y : x;
    nodes.forEach(({ name }, index) => {
      const from = integers(`${name}_from`, [index * part[0], 0, 0, 0]);
      const given = [one, from, integers(`${name}_part`, part)];
      add(name, 'Slice', given, int32('Index'));
    });
  };
}

type Shape4 = Convolution['x'];

const times = (count: number, [n, ...rest]: Shape4): Shape4 => [count * n, ...rest];

const typeOf = ({ attrs: { T } }: GraphNode): NativeAttrs => {
  invariant(T !== undefined && 'value' in T, 'a convolution and a sum have a type');
  return { T };
};
