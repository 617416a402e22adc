import type { ResNetShape } from './resnet-layers.js';
import type { VitShape } from './vit.js';

/** Residual networks by their names, but for width and stem. */
export const resnets = {
  resnet18: { block: 'basic', blocks: [2, 2, 2, 2] },
  resnet34: { block: 'basic', blocks: [3, 4, 6, 3] },
  resnet50: { block: 'bottleneck', blocks: [3, 4, 6, 3] },
} as const satisfies Record<string, Pick<ResNetShape, 'block' | 'blocks'>>;

/** Vision transformers by their names, but for patches. */
export const vits = {
  vit_ti: { width: 192, depth: 12, heads: 3 },
  vit_s: { width: 384, depth: 12, heads: 6 },
  vit_b: { width: 768, depth: 12, heads: 12 },
} as const satisfies Record<string, Pick<VitShape, 'width' | 'depth' | 'heads'>>;
