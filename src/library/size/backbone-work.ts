import type { Json } from '../../base/canonical.js';
import { isRecord, own } from '../../base/own.js';
import { type NetworkWork, resnetWork, vitWork } from '../../tensor/networks/network-work.js';
import type { Stem } from '../../tensor/networks/resnet-layers.js';
import { resnets, vits } from '../../tensor/networks/shapes.js';

/** What an image of `size` px costs in a backbone as a plan has it; undefined for networks of one's own. */
export function backboneWork(backbone: Json | undefined, size: number): NetworkWork | undefined {
  const described = isRecord(backbone) ? backbone.describe : undefined;
  const args = isRecord(backbone) ? backbone.args : undefined;
  if (typeof described !== 'string' || !isRecord(args)) return undefined;
  const name = described.replace('std.backbone.', '');
  const residual = own(resnets, name);
  const { width, stem, patch, image } = args;
  if (residual && typeof width === 'number') {
    return resnetWork({ ...residual, width, stem: stem as Stem }, size);
  }
  const transformer = own(vits, name);
  if (transformer && typeof patch === 'number' && typeof image === 'number') {
    return vitWork({ ...transformer, patch, image }, size);
  }
  return undefined;
}
