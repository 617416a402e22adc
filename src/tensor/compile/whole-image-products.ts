import type { Convolution } from './convolution.js';
import type { Graph, GraphNode, Ref } from './graph.js';
import { createParts, int32, type Parts } from './product-parts.js';

/** Are images so small that each pixel of y sees each of x, and no tap of the kernel falls beside the image? */
export function seesWhole({ x, y, k, stride, padding }: Convolution): boolean {
  const isWithin = (from: number, to: number): boolean =>
    padding - (to - 1) * stride >= 0 && from - 1 + padding < k;
  return isWithin(x[1], y[1]) && isWithin(x[2], y[2]);
}

/**
 * Writes what a node of such images computes as one product, under the node's name: of images as vectors
 * (n, h w in) with a matrix (h w in, height width out) in which each pair of pixels has the tap between them.
 */
export function writeWholeProduct(graph: Graph, node: GraphNode, convolution: Convolution): void {
  const parts = createParts(graph, node, convolution.type);
  const [first, second, third] = node.inputs;
  const { x, y, k, wanted } = convolution;
  const rows = (name: string, images: Ref | undefined) => parts.reshape(name, images, [x[0], -1]);
  if (wanted === 'y') {
    parts.result(parts.matMul(rows('x', first), matrixOf(parts, second, convolution)), y);
  } else if (wanted === 'x') {
    const matrix = matrixOf(parts, second, convolution);
    parts.result(parts.matMul(rows('dy', third), matrix, { b: true }), x);
  } else {
    const product = parts.matMul(rows('x', first), rows('dy', third), { a: true });
    const given = [
      parts.reshape('pairs', product, [-1, y[3]]),
      parts.int32('taps', tapsOf(convolution)),
      parts.int32('count', [k * k * x[3]], []),
    ];
    const attrs = { ...int32('Tindices'), ...int32('Tnumsegments') };
    parts.result(parts.add('sums', 'UnsortedSegmentSum', given, attrs), [k, k, x[3], y[3]]);
  }
}

/** (h w in, height width out) of a kernel (k, k, in, out). */
function matrixOf(parts: Parts, kernel: Ref | undefined, convolution: Convolution): Ref {
  const { x, y } = convolution;
  const given = [
    parts.reshape('kernel', kernel, [-1, y[3]]),
    parts.int32('taps', tapsOf(convolution)),
    parts.int32('axis', [0], []),
  ];
  const types = { ...int32('Tindices'), ...int32('Taxis') };
  const taken = parts.add('taken', 'GatherV2', given, types, 'Tparams');
  return parts.reshape('matrix', taken, [x[1] * x[2] * x[3], -1]);
}

/** For each pixel and channel of x and each pixel of y: the row of the kernel, as (k k in, out), between them. */
function tapsOf({ x, y, k, stride, padding }: Convolution): readonly number[] {
  const taps: number[] = [];
  const [, h, w, channels] = x;
  for (let pixel = 0; pixel < h * w; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let to = 0; to < y[1] * y[2]; to++) {
        const row = Math.floor(pixel / w) - Math.floor(to / y[2]) * stride + padding;
        const column = (pixel % w) - (to % y[2]) * stride + padding;
        taps.push((row * k + column) * channels + channel);
      }
    }
  }
  return taps;
}
