import type { Json } from '../../base/canonical.js';
import { describedName } from './described-text.js';

/** Images of so many pixels a side, and smaller ones, get a small stem in google-research/simclr@383d414 tf2/resnet.py. */
const small = 32;

/**
 * Says that the stem of a ResNet is ImageNet's and its images are small, which costs many points: the stock network on
 * CIFAR-10. `backbone` is as it stands in a key, `size` that of the first view.
 */
export function wideStem(backbone: Json | undefined, size: number): string | undefined {
  if (size > small || typeof backbone !== 'object' || backbone === null) return undefined;
  const { describe, args } = backbone as { readonly describe?: Json; readonly args?: Json };
  if (!String(describe).startsWith('std.backbone.resnet')) return undefined;
  if (typeof args !== 'object' || args === null || !('stem' in args)) return undefined;
  if (args.stem !== 'imagenet') return undefined;
  const left = Math.ceil(size / small);
  return `the stem of \`${describedName(backbone)}\` is ImageNet's: of a view of ${size} px its last stage sees ${left} x ${left} places; \`stem: "small"\` is made for images of up to ${small} px`;
}
