import { vit } from '../../tensor/networks/vit.js';
import { describe } from '../implement.js';

/** ViT-S; see stdlib/backbone.ssp. */
export const make = describe('std.backbone.vit_s', ({ patch, image, drop_path }) =>
  vit({ width: 384, depth: 12, heads: 6, patch, image, dropPath: drop_path }));
