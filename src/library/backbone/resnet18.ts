import { resnet } from '../../tensor/networks/resnet.js';
import { describe } from '../implement.js';

/** ResNet-18; see stdlib/backbone.ssp. */
export const make = describe('std.backbone.resnet18', ({ width, stem, zero_init_residual }) =>
  resnet(
    { block: 'basic', blocks: [2, 2, 2, 2], width, stem },
    { zeroInitResidual: zero_init_residual },
  ));
