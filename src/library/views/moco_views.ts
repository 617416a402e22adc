import { imagenetNormalise, pipelineView } from '../../tensor/views/pipeline-view.js';
import { describe } from '../implement.js';

/** `std.views.moco_views`: two views, both by MoCo v2's pipeline. */
export const make = describe('std.views.moco_views', ({ strength, ...rest }) => {
  const view = pipelineView({
    ...rest,
    filter: 'bilinear',
    strengths: [0.4 * strength, 0.4 * strength, 0.4 * strength, 0.1 * strength],
    solarise: 0,
    at: 224,
    normalise: imagenetNormalise,
  });
  return { views: [view, view] };
});
