import { cannotCompile } from './cannot-compile.js';
import { bytesOf, type Graph, type GraphNode, isConstValue, nodeOf } from './graph.js';

/**
 * Checks that a step gave the same graph twice: else something that JavaScript computes, such as a
 * random number or a counter, would be the first trace's forever.
 * @throws SspError `cannot-compile` that names the op that got the other number.
 */
export function checkSameGraph(first: Graph, second: Graph): void {
  const nodes = [...first.nodes.values()];
  const others = [...second.nodes.values()];
  const at = nodes.findIndex((node, index) => !sameNode(node, others[index]));
  if (at < 0 && nodes.length === others.length) return;
  const node = nodes[at < 0 ? nodes.length - 1 : at];
  const user = node?.op === 'Const' ? userOf(first, node) : node;
  throw cannotCompile(
    `a step does other work at each call: ${user?.op ?? 'an op'} got another number, shape or place the second time`,
    {
      site: user?.site,
      help: 'Draw random numbers with stateless ops and a seed that is an input; give what changes from step to step as inputs.',
    },
  );
}

function userOf(graph: Graph, constant: GraphNode): GraphNode | undefined {
  for (const node of graph.nodes.values()) {
    if (node.inputs.some((ref) => nodeOf(ref) === constant.name)) return node;
  }
  return undefined;
}

function sameNode(a: GraphNode, b: GraphNode | undefined): boolean {
  return b !== undefined && a.op === b.op && a.inputs.join() === b.inputs.join() && sameAttrs(a, b);
}

function sameAttrs({ attrs: a }: GraphNode, { attrs: b }: GraphNode): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [left, right] = [a[name], b[name]];
      if (left === undefined || right === undefined) return false;
      if (!isConstValue(left)) {
        return !isConstValue(right) && JSON.stringify(left) === JSON.stringify(right);
      }
      return (
        isConstValue(right) &&
        left.dtype === right.dtype &&
        left.shape.join() === right.shape.join() &&
        bytesOf(left.values).equals(bytesOf(right.values))
      );
    })
  );
}
