import { tf } from '../tf.js';
import { convolutionOf } from './convolution.js';
import { type Graph, type GraphNode, isConstValue, nodeOf, type Ref } from './graph.js';

/** What a convolution or a product of matrices does with a batch, whose rows (images) do not meet in it. */
export interface OfBatch {
  /** Which inputs are batches. */
  readonly batches: readonly number[];
  /** Of the inputs, by their place, and of the result; a batch has its images or rows along the first axis. */
  readonly shapes: readonly (readonly number[])[];
  readonly result: readonly number[];
  /** Which input is the shape of the result, if one is. */
  readonly size?: number;
  /** Whether the result is a sum over the batch: the gradient of the kernel. */
  readonly sums: boolean;
}

/** Nodes that can be one of a larger batch: none needs another. */
export interface SameKernel extends OfBatch {
  readonly nodes: readonly GraphNode[];
}

/**
 * Which convolutions and products use the same kernel on as large batches, or make gradients of it that are
 * only summed; where the kernel is at least as large as the batches, which then are copied gladly.
 */
export function sameKernels(graph: Graph): readonly SameKernel[] {
  const usersOf = users(graph);
  const levels = new Map<string, number>();
  const found = new Map<string, { of: OfBatch; nodes: GraphNode[] }>();
  for (const node of graph.nodes.values()) {
    const of = repaying(node);
    const level = Math.max(0, ...node.inputs.map((ref) => levels.get(nodeOf(ref)) ?? 0));
    // What needs such a node is on a higher level, so that those of one level do not need each other.
    levels.set(node.name, of === undefined ? level : level + 1);
    const shared = of && sharedBy(node, of, usersOf);
    if (of === undefined || shared === undefined) continue;
    const key = JSON.stringify([node.op, shared, level, of, node.attrs]);
    const { nodes } = found.get(key) ?? { nodes: [] };
    found.set(key, { of, nodes: [...nodes, node] });
  }
  return [...found.values()].flatMap(({ of, nodes }) =>
    nodes.length > 1 ? [{ ...of, nodes }] : [],
  );
}

/** A node whose kernel has at least as many numbers as its batches. */
function repaying(node: GraphNode): OfBatch | undefined {
  if (node.op === 'MatMul') return repayingProduct(node);
  const convolution = convolutionOf(node);
  if (convolution === undefined) return undefined;
  const { wanted, k, x, y } = convolution;
  const kernel = [k, k, x[3], y[3]];
  if (numbersIn(kernel) < numbersIn(x)) return undefined;
  switch (wanted) {
    case 'y':
      return { batches: [0], shapes: [x, kernel], result: y, sums: false };
    case 'x':
      return { batches: [2], size: 0, shapes: [[4], kernel, y], result: x, sums: false };
    case 'kernel':
      return { batches: [0, 2], shapes: [x, [4], y], result: kernel, sums: true };
  }
}

function repayingProduct({ attrs, shapes }: GraphNode): OfBatch | undefined {
  const { inputs = [], outputs: [result] = [] } = shapes ?? {};
  const [a, b] = inputs;
  if (a === undefined || b === undefined || result === undefined) return undefined;
  const { transpose_a: turned, transpose_b: other } = attrs;
  const sums = isTrue(turned);
  if (sums) {
    if (isTrue(other) || numbersIn(result) < numbersIn(a) + numbersIn(b)) return undefined;
    return { batches: [0, 1], shapes: inputs, result, sums };
  }
  return numbersIn(b) < numbersIn(a) ? undefined : { batches: [0], shapes: inputs, result, sums };
}

function isTrue(attribute: GraphNode['attrs'][string] | undefined): boolean {
  return attribute !== undefined && !isConstValue(attribute) && attribute.value === true;
}

const numbersIn = (shape: readonly number[]): number => tf.util.sizeFromShape([...shape]);

/** What those have in common that can be one: the kernel, or the sum that its gradients come to. */
function sharedBy(
  node: GraphNode,
  { sums }: OfBatch,
  usersOf: ReadonlyMap<string, readonly GraphNode[]>,
): Ref | undefined {
  if (!sums) return node.inputs[1];
  let sum: string | undefined;
  for (let name = node.name; ; name = sum) {
    const [user, ...more] = usersOf.get(name) ?? [];
    if (user?.op !== 'Add' || more.length > 0) return sum;
    sum = user.name;
  }
}

function users(graph: Graph): ReadonlyMap<string, readonly GraphNode[]> {
  const result = new Map<string, GraphNode[]>();
  for (const node of graph.nodes.values()) {
    for (const ref of node.inputs) {
      const name = nodeOf(ref);
      const others = result.get(name);
      if (others === undefined) result.set(name, [node]);
      else others.push(node);
    }
  }
  return result;
}
