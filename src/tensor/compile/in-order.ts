import { createGraph, type Graph, type GraphNode, nodeOf } from './graph.js';

/** Ops that give what they have, without work. */
const still = new Set(['Const', 'Placeholder', 'VarHandleOp']);

/**
 * The needed part of a graph with its ops one after another, in the order in which the step called
 * them, and each new value of a variable in its place as soon as it is there.
 *
 * Each op uses all threads anyhow, so this costs no time. Left free, TensorFlow puts the gradients of
 * kernels off behind those of the layers before, and updates behind all of them, and keeps what they
 * need; in the traced order a layer's activations are freed as backward passes it.
 */
export function inOrder(graph: Graph, needed: ReadonlySet<string>): Graph {
  const result = createGraph('');
  const assigned = new Map<string, GraphNode[]>();
  for (const node of graph.nodes.values()) {
    if (node.op !== 'AssignVariableOp') continue;
    const value = nodeOf(node.inputs[1] ?? '');
    assigned.set(value, [...(assigned.get(value) ?? []), node]);
  }
  let last: string | undefined;
  const add = ({ op, inputs, attrs, ...more }: GraphNode): void => {
    const { name } = more;
    // What is fed stays, used or not.
    if (result.nodes.has(name) || !(needed.has(name) || op === 'Placeholder')) return;
    const works = !still.has(op);
    const after = works && last !== undefined ? [`^${last}`] : [];
    result.add(op, [...inputs, ...after], attrs, more);
    if (works) last = name;
    for (const assign of assigned.get(name) ?? []) add(assign);
  };
  for (const node of graph.nodes.values()) add(node);
  return result;
}
