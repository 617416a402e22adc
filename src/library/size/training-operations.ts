import type { Json } from '../../base/canonical.js';
import { isRecord } from '../../base/own.js';
import { backboneWork } from './backbone-work.js';
import { viewSizes } from './view-sizes.js';

/** Views that another network than the trained one sees too, forward alone. */
const seenByTeacher: Readonly<Record<string, number>> = {
  'std.ssl.byol': 2,
  'std.ssl.dino': 2,
  'std.ssl.moco_v3': 2,
};

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
  const name = isRecord(method) ? String(method.describe) : '';
  let each = 0;
  for (const [view, size] of trained.entries()) {
    const work = backboneWork(backbone, size);
    if (work === undefined) return undefined;
    const passes = passesOf(name, method, view);
    each += 2 * work.multiplyAdds * passes;
  }
  return each * count * epochs;
}

/** What a view costs, as a multiple of one pass forward. */
function passesOf(name: string, method: Json | undefined, view: number): number {
  const oneWay =
    name === 'std.ssl.moco_v2' && isRecord(method) && isRecord(method.args)
      ? method.args.symmetric !== true
      : false;
  // One view asks, the other is the key.
  if (oneWay) return view === 0 ? WITH_GRADIENT : FORWARD;
  const teacher = name === 'std.ssl.moco_v2' ? 2 : (seenByTeacher[name] ?? 0);
  return WITH_GRADIENT + (view < teacher ? FORWARD : 0);
}
