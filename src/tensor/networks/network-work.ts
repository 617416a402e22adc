import { blocksOf, type ConvNorm, featuresOf, type ResNetShape, stemOf } from './resnet-layers.js';
import type { VitShape } from './vit.js';

/** What one image costs in a network, and how large the network is. */
export interface NetworkWork {
  /** Multiplications of weights and tokens with what they meet, forward, of an image of the size. */
  readonly multiplyAdds: number;
  /** Numbers that it learns. */
  readonly weights: number;
  /** Length d of the features. */
  readonly features: number;
}

/** Of {@link resnet} on images of `size` px; norms, pooling and ReLU are not counted, as they hardly count. */
export function resnetWork(shape: ResNetShape, size: number): NetworkWork {
  let side = size;
  let [multiplyAdds, weights] = [0, 0];
  const pass = (layer: ConvNorm, from: number): number => {
    const to = Math.ceil(from / layer.stride);
    const kernel = layer.size ** 2 * layer.input * layer.output;
    multiplyAdds += kernel * to ** 2;
    // Scale and shift of the norm.
    weights += kernel + 2 * layer.output;
    return to;
  };
  side = pass(stemOf(shape), side);
  if (shape.stem === 'imagenet') side = Math.ceil(side / 2);
  for (const { inner, last, downsample } of blocksOf(shape)) {
    if (downsample) pass(downsample, side);
    for (const layer of [...inner, last]) side = pass(layer, side);
  }
  return { multiplyAdds, weights, features: featuresOf(shape) };
}

/** The hidden layer of the MLPs is so many times as wide; query, key and value are three of one width. */
const [expansion, parts] = [4, 3];

/** Of {@link vit} on images of `size` px: linear layers and attention; norms, softmax and GELU are not counted. */
export function vitWork(
  { width: d, depth, patch, image }: Pick<VitShape, 'width' | 'depth' | 'patch' | 'image'>,
  size: number,
): NetworkWork {
  const patches = Math.floor(size / patch) ** 2;
  const tokens = patches + 1;
  const kernel = 3 * patch ** 2 * d;
  const matrices = (parts + 1 + 2 * expansion) * d ** 2;
  // Biases of four layers, and two norms.
  const vectors = (parts + 1 + expansion + 1 + 4) * d;
  return {
    multiplyAdds: patches * kernel + depth * (tokens * matrices + 2 * tokens ** 2 * d),
    weights:
      kernel + d + (Math.floor(image / patch) ** 2 + 2) * d + depth * (matrices + vectors) + 2 * d,
    features: d,
  };
}
