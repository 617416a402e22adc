import { invariant } from '../../base/errors.js';
import { attr, type NativeAttrs, tfType } from '../native.js';
import { createGraph, type Graph, type GraphNode, nodeOf, type Ref } from './graph.js';
import { int32 } from './product-parts.js';
import { type SameKernel, sameKernels } from './same-kernel.js';

/**
 * The same graph with one convolution or product of matrices in place of several by the same kernel: of views
 * that pass a network one by one, as each has batch statistics of its own. A kernel is read, and laid out
 * anew, at each call, and of a large kernel and few small images that is much of the work. The nodes' names
 * stay, and what they compute; sums of gradients are in another order.
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
      for (const { name } of shared.sums ? together.slice(1) : []) absorbed.add(name);
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

/** Writes nodes as one, and under the name of each its part of the result; of sums all, under the first's. */
function merging(graph: Graph): (shared: SameKernel) => void {
  const batches = new Map<string, Ref>();
  const integers = (name: string, values: readonly number[], shape = [values.length]): Ref =>
    graph.constant({ dtype: tfType.int32, shape, values: Int32Array.from(values) }, { name });

  return ({ nodes, result, sums, ...of }) => {
    const [first] = nodes;
    invariant(first !== undefined, 'what is shared is shared by nodes');
    const { name: prefix, op, attrs } = first;
    const site = first.site === undefined ? {} : { site: first.site };
    const add = (name: string, op: string, inputs: readonly Ref[], attrs: NativeAttrs): Ref =>
      graph.add(op, inputs, { ...attrs, ...typeOf(first) }, { name, ...site });
    const times = ([n = 0, ...rest]: readonly number[]) => [nodes.length * n, ...rest];

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

    const whole = sums ? result : times(result);
    const isBatch = (index: number) => of.batches.includes(index);
    const inputs = first.inputs.map((ref, index) => {
      if (isBatch(index)) return batch(index);
      return index === of.size ? integers(`${prefix}_size`, whole) : ref;
    });
    const shapes = {
      inputs: of.shapes.map((shape, index) => (isBatch(index) ? times(shape) : shape)),
      outputs: [whole],
    };
    const name = sums ? prefix : `${prefix}_together`;
    graph.add(op, inputs, attrs, { name, shapes, ...site });
    if (sums) return;
    for (const [index, { name: part }] of nodes.entries()) {
      const from = integers(`${part}_from`, [index * (result[0] ?? 0), ...result.slice(1).fill(0)]);
      add(part, 'Slice', [name, from, integers(`${part}_part`, result)], int32('Index'));
    }
  };
}

const typeOf = ({ attrs: { T } }: GraphNode): NativeAttrs => {
  invariant(T !== undefined && 'value' in T, 'a convolution and a sum have a type');
  return { T };
};
