import { resnet } from '../../tensor/networks/resnet.js';
import { describe } from '../implement.js';

/** ResNet-34; see stdlib/backbone.ssp. */
export const make = describe('std.backbone.resnet34', ({ width, stem, zero_init_residual }) =>
  resnet(
    { block: 'basic', blocks: [3, 4, 6, 3], width, stem },
    { zeroInitResidual: zero_init_residual },
  ));
