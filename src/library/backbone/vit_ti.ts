import { vit } from '../../tensor/networks/vit.js';
import { describe } from '../implement.js';

/** ViT-Ti; see stdlib/backbone.ssp. */
export const make = describe('std.backbone.vit_ti', ({ patch, image, drop_path }) =>
  vit({ width: 192, depth: 12, heads: 3, patch, image, dropPath: drop_path }));
