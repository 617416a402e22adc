import { type Convolution, convolutionOf } from './convolution.js';
import { type Graph, type GraphNode, nodeOf, type Ref } from './graph.js';

/** Convolutions that can be one, of images beside each other: none needs another. */
export interface SameKernel {
  readonly nodes: readonly GraphNode[];
  /** That of each of them. */
  readonly convolution: Convolution;
}

/**
 * Which convolutions use the same kernel on as many images of the same size, or make gradients of it that
 * are only summed; where the kernel is at least as large as the images, which then are copied gladly.
 */
export function sameKernels(graph: Graph): readonly SameKernel[] {
  const usersOf = users(graph);
  const levels = new Map<string, number>();
  const found = new Map<string, { convolution: Convolution; nodes: GraphNode[] }>();
  for (const node of graph.nodes.values()) {
    const convolution = repaying(node);
    const level = Math.max(0, ...node.inputs.map((ref) => levels.get(nodeOf(ref)) ?? 0));
    // What needs a convolution is on a higher level, so that those of one level do not need each other.
    levels.set(node.name, convolution === undefined ? level : level + 1);
    const shared = convolution && sharedBy(node, convolution, usersOf);
    if (convolution === undefined || shared === undefined) continue;
    const key = JSON.stringify([shared, level, convolution, node.attrs]);
    const { nodes } = found.get(key) ?? { nodes: [] };
    found.set(key, { convolution, nodes: [...nodes, node] });
  }
  return [...found.values()].filter(({ nodes }) => nodes.length > 1);
}

/** A convolution whose kernel has at least as many numbers as its images. */
function repaying(node: GraphNode): Convolution | undefined {
  const convolution = convolutionOf(node);
  if (convolution === undefined) return undefined;
  const { k, x, y } = convolution;
  const [n, height, width, channels] = x;
  return k * k * y[3] >= n * height * width && channels > 0 ? convolution : undefined;
}

/** What those have in common that can be one: the kernel, or the sum that its gradients come to. */
function sharedBy(
  node: GraphNode,
  { wanted }: Convolution,
  usersOf: ReadonlyMap<string, readonly GraphNode[]>,
): Ref | undefined {
  if (wanted !== 'kernel') return node.inputs[1];
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
