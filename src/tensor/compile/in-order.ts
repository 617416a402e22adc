import { createGraph, type Graph, type Ref } from './graph.js';

/** Ops that take long and keep large inputs alive. */
const heavy = /^(Conv2D|DepthwiseConv2d)/;

/**
 * The graph with its convolutions one after another, in the order in which the step called them. Each
 * uses all threads anyhow; but TensorFlow would put the kernels' gradients off behind those of the
 * layers before, and keep what they need: the traced order frees a layer's activations as it passes it.
 */
export function inOrder(graph: Graph): Graph {
  const result = createGraph('');
  let last: Ref | undefined;
  for (const { name, op, inputs, attrs, site } of graph.nodes.values()) {
    const isHeavy = heavy.test(op);
    const after = isHeavy && last !== undefined ? [`^${last}`] : [];
    result.add(op, [...inputs, ...after], attrs, { name, ...(site && { site }) });
    if (isHeavy) last = name;
  }
  return result;
}
