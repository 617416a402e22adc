import { resnet } from '../../tensor/networks/resnet.js';
import { resnets } from '../../tensor/networks/shapes.js';
import { describe } from '../implement.js';

/** ResNet-34; see stdlib/backbone.ssp. */
export const make = describe('std.backbone.resnet34', ({ width, stem, zero_init_residual }) =>
  resnet({ ...resnets.resnet34, width, stem }, { zeroInitResidual: zero_init_residual }));
