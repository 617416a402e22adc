import { resnet } from '../../tensor/networks/resnet.js';
import { resnets } from '../../tensor/networks/shapes.js';
import { describe } from '../implement.js';

/** ResNet-18; see stdlib/backbone.ssp. */
export const make = describe('std.backbone.resnet18', ({ width, stem, zero_init_residual }) =>
  resnet({ ...resnets.resnet18, width, stem }, { zeroInitResidual: zero_init_residual }));
