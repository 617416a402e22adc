import { imagenetNormalise, pipelineView } from '../../tensor/views/pipeline-view.js';
import { describe } from '../implement.js';

/** `std.views.pirl_views`: an image, and the larger part of it that is cut into patches. */
export const make = describe('std.views.pirl_views', (args) => {
  const { size, patches_size, scale, patches_scale, strength, ...rest } = args;
  const common = {
    ...rest,
    filter: 'bilinear',
    strengths: [0.4 * strength, 0.4 * strength, 0.4 * strength, 0.2 * strength],
    blur: 0,
    sigma: { low: 0.1, high: 2 },
    at: 224,
    solarise: 0,
    normalise: imagenetNormalise,
  } as const;
  return {
    views: [
      pipelineView({ ...common, size, scale }),
      pipelineView({ ...common, size: patches_size, scale: patches_scale }),
    ],
  };
});
