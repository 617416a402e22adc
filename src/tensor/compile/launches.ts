import type { GraphNode } from './graph.js';

/** Ops that start no work on a device: they name, order or hold what is there, or give it another shape. */
const idle = new Set([
  ...['Const', 'Placeholder', 'VarHandleOp', 'ReadVariableOp', 'AssignVariableOp', 'DeepCopy'],
  ...['Identity', 'NoOp', 'StopGradient', 'PreventGradient', 'Reshape', 'ExpandDims', 'Squeeze'],
  ...['Shape', 'Range'],
]);

/**
 * How many nodes of each op start work on a device. On a GPU each is a launch of some microseconds, however
 * small its tensors are: what a step of a small network takes follows their number.
 */
export function launchesOf(nodes: Iterable<GraphNode>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { op } of nodes) {
    if (!idle.has(op)) counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return counts;
}
