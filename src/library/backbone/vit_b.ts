import { vits } from '../../tensor/networks/shapes.js';
import { vit } from '../../tensor/networks/vit.js';
import { describe } from '../implement.js';

/** ViT-B; see stdlib/backbone.ssp. */
export const make = describe('std.backbone.vit_b', ({ patch, image, drop_path }) =>
  vit({ ...vits.vit_b, patch, image, dropPath: drop_path }));
