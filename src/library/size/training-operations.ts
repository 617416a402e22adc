import type { Json } from '../../base/canonical.js';
import { isRecord } from '../../base/own.js';
import { backboneWork } from './backbone-work.js';
import { viewSizes } from './view-sizes.js';

/** Forward; back it is the same for the gradient of the input, and again for that of the weights. */
const [FORWARD, WITH_GRADIENT] = [1, 3];

/**
 * Multiplications and additions that the encoders of a training do, of so many pairs (or images, of a supervised
 * one) an epoch: each view forward and back, and forward through a teacher where the method has one. Heads, losses,
 * views and the update are not counted. Undefined for networks and views of one's own.
 */
export function trainingOperations(
  { method, backbone, views, epochs }: Readonly<Record<string, Json>>,
  count: number,
): number | undefined {
  const sizes = viewSizes(views);
  // A supervised training sees the first view.
  const trained = method === undefined ? sizes.slice(0, 1) : sizes;
  if (trained.length === 0 || typeof epochs !== 'number') return undefined;
  const { learns, taught } = viewsOf(method);
  let each = 0;
  for (const [view, size] of trained.entries()) {
    const work = backboneWork(backbone, size);
    if (work === undefined) return undefined;
    const passes = (view < learns ? WITH_GRADIENT : FORWARD) + (view < taught ? FORWARD : 0);
    each += 2 * work.multiplyAdds * passes;
  }
  return each * count * epochs;
}

/** How many of the first views go through the trained network, and how many through a teacher too, forward alone. */
function viewsOf(method: Json | undefined): { readonly learns: number; readonly taught: number } {
  const all = Number.POSITIVE_INFINITY;
  const { describe, args } = isRecord(method) ? method : {};
  switch (describe) {
    case 'std.ssl.byol':
    case 'std.ssl.dino':
    case 'std.ssl.moco_v3':
      return { learns: all, taught: 2 };
    case 'std.ssl.moco_v2': {
      // One view asks and the other is the key, or both are both.
      const isSymmetric = isRecord(args) && args.symmetric === true;
      return isSymmetric ? { learns: all, taught: 2 } : { learns: 1, taught: 0 };
    }
    default:
      return { learns: all, taught: 0 };
  }
}
