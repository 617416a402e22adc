import { attr } from '../native.js';
import type { Convolution } from './convolution.js';
import type { Graph, GraphNode, Ref } from './graph.js';
import { createParts, int32, type Parts } from './product-parts.js';

/** Writes what a node computes as products of matrices, under the node's name. */
export function writeProduct(graph: Graph, node: GraphNode, convolution: Convolution): void {
  const parts = createParts(graph, node, convolution.type);
  const [first, second, third] = node.inputs;
  const { x, y, k, wanted } = convolution;
  const [input, output] = [x[3], y[3]];
  if (wanted === 'y') {
    const product = parts.matMul(
      parts.reshape('x', takenOf(parts, first, convolution), [-1, input]),
      parts.reshape('kernel', second, [input, output]),
    );
    parts.result(product, y);
  } else if (wanted === 'x') {
    const product = parts.matMul(
      parts.reshape('dy', third, [-1, output]),
      parts.reshape('kernel', second, [input, output]),
      { b: true },
    );
    parts.result(spreadOf(parts, product, convolution), x);
  } else {
    const columns = columnsOf(parts, first, convolution);
    const product = parts.matMul(
      parts.reshape('columns', columns, [-1, k * k * input]),
      parts.reshape('dy', third, [-1, output]),
      { a: true },
    );
    parts.result(product, [k, k, input, output]);
  }
}

/** The pixels that a kernel of 1x1 sees: the first of each of an image's stride by stride blocks. */
function takenOf(parts: Parts, x: Ref | undefined, convolution: Convolution): Ref | undefined {
  const { stride } = convolution;
  if (stride === 1) return x;
  const [rows, columns, channels] = blocksOf(convolution);
  const blocks = parts.reshape('blocks', x, [rows, stride, columns, stride * channels]);
  const from = parts.int32('from', [0, 0, 0, 0]);
  const size = parts.int32('size', [rows, 1, columns, channels]);
  return parts.add('taken', 'Slice', [blocks, from, size], int32('Index'));
}

/** Undoes {@link takenOf}, with zeros for the pixels between. */
function spreadOf(parts: Parts, taken: Ref, convolution: Convolution): Ref {
  const { stride } = convolution;
  if (stride === 1) return taken;
  const [rows, columns, channels] = blocksOf(convolution);
  const sides = [0, 0, 0, stride - 1, 0, 0, 0, (stride - 1) * channels];
  const pixels = parts.reshape('taken', taken, [rows, 1, columns, channels]);
  const given = [pixels, parts.int32('sides', sides, [4, 2])];
  return parts.add('blocks', 'Pad', given, int32('Tpaddings'));
}

/** Rows of blocks in a batch, blocks in a row, channels; images are a whole number of blocks. */
function blocksOf({ x, stride }: Convolution): readonly [number, number, number] {
  const [n, height, width, channels] = x;
  return [(n * height) / stride, width / stride, channels];
}

/** For each pixel of y what the kernel sees there: (n, height, width, k k in), as one value. */
function columnsOf(parts: Parts, x: Ref | undefined, convolution: Convolution): Ref | undefined {
  const { k, stride, padding, y } = convolution;
  const [n, height, width] = y;
  const [, h, w, channels] = convolution.x;
  if (k === 1) return takenOf(parts, x, convolution);
  // At a stride of s the pixels between are channels of a smaller image, so that what a tap of the
  // kernel sees lies side by side: slices with steps are several times slower.
  const more = (length: number): number => (stride - ((length + 2 * padding) % stride)) % stride;
  const sides = [0, 0, padding, padding + more(h), padding, padding + more(w), 0, 0];
  const padded = sides.some((side) => side > 0)
    ? parts.add('padded', 'Pad', [x, parts.int32('sides', sides, [4, 2])], int32('Tpaddings'))
    : x;
  const folded =
    stride === 1
      ? padded
      : parts.add('folded', 'SpaceToDepth', [padded], { block_size: attr.int(stride) });
  const size = parts.int32('size', [n, height, width, channels]);
  const taps = Array.from({ length: k * k }, (_, index) => {
    const [row, column] = [Math.floor(index / k), index % k];
    const begin = [
      ...[0, Math.floor(row / stride), Math.floor(column / stride)],
      ((row % stride) * stride + (column % stride)) * channels,
    ];
    const from = parts.int32(`from${index}`, begin);
    return parts.add(`tap${index}`, 'Slice', [folded, from, size], int32('Index'));
  });
  const attrs = { N: attr.int(taps.length), ...int32('Tidx') };
  return parts.add('taps', 'ConcatV2', [...taps, parts.int32('axis', [3], [])], attrs);
}
