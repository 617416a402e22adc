import { type Convolution, convolutionOf } from './convolution.js';
import { writeProduct } from './convolution-products.js';
import { createGraph, type Graph } from './graph.js';
import { seesWhole, writeWholeProduct } from './whole-image-products.js';

/**
 * Up to how many pixels of y a product is quicker: as the gradient of a kernel, and for all three of a
 * 1x1 convolution with a stride.
 */
interface Limit {
  readonly pixels: number;
  /** The same where y has 256 channels or more: they repay the copies that a product needs. */
  readonly wide?: number;
}

/**
 * By size and stride of the kernel; measured against oneDNN's kernels on two cores with AVX512_BF16,
 * with batches of 16 to 128 and 32 to 2048 channels (docs/performance.md).
 */
const limits: Readonly<Record<Convolution['type'], Readonly<Record<string, Limit>>>> = {
  float32: {
    '1/1': { pixels: Number.POSITIVE_INFINITY },
    '1/2': { pixels: 64 },
    '3/1': { pixels: 4 },
    '3/2': { pixels: 49 },
  },
  bfloat16: {
    '1/1': { pixels: 256 },
    '1/2': { pixels: Number.POSITIVE_INFINITY },
    '3/1': { pixels: 16, wide: 196 },
    '3/2': { pixels: 64, wide: 196 },
  },
};
const wideFrom = 256;
const fewestChannels = 32;
/** From how many images on their products with a matrix of all pairs of pixels repay making that. */
const wholeImages: Readonly<Record<Convolution['wanted'], number>> = { y: 64, x: 128, kernel: 128 };

/**
 * The same graph for a processor: convolutions and their gradients become products of matrices where
 * these are quicker, which is where images are small and channels many: the kernels for convolutions
 * go along an image's rows, and reorder weights at each call. The nodes' names stay, and what they
 * compute; sums are in another order.
 */
export function withQuickConvolutions(graph: Graph): Graph {
  const result = createGraph('');
  for (const node of graph.nodes.values()) {
    const convolution = convolutionOf(node);
    if (convolution !== undefined && isQuickerWhole(convolution)) {
      writeWholeProduct(result, node, convolution);
    } else if (convolution !== undefined && isQuickerAsProduct(convolution)) {
      writeProduct(result, node, convolution);
    } else {
      const { op, inputs, attrs, ...more } = node;
      result.add(op, inputs, attrs, more);
    }
  }
  return result;
}

function isQuickerWhole(convolution: Convolution): boolean {
  const { wanted, x, y, k, type } = convolution;
  // In bfloat16 a gradient of the kernel is one sum that is rounded once.
  if (k === 1 || (type === 'bfloat16' && wanted === 'kernel')) return false;
  if (Math.min(x[3], y[3]) < fewestChannels || !seesWhole(convolution)) return false;
  // Of one pixel and one tap there is one pair.
  const isOnePair = x[1] * x[2] * y[1] * y[2] === 1;
  return isOnePair || x[0] >= wholeImages[wanted];
}

function isQuickerAsProduct({ wanted, x, y, k, stride, type }: Convolution): boolean {
  const [n, height, width, channels] = y;
  const pixels = height * width;
  // Measured for more only.
  if (Math.min(x[3], channels) < fewestChannels) return false;
  if (wanted !== 'kernel') {
    if (k !== 1) return false;
    // Less work in the images than in reordering the weights.
    if (stride === 1) return n * pixels <= Math.min(x[3], channels);
  }
  // Products take whole blocks of pixels.
  if (k === 1 && (x[1] % stride !== 0 || x[2] % stride !== 0)) return false;
  const limit = limits[type][`${k}/${stride}`];
  if (limit === undefined) return false;
  return pixels <= (channels >= wideFrom ? (limit.wide ?? limit.pixels) : limit.pixels);
}
