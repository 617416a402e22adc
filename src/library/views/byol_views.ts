import { imagenetNormalise, pipelineView } from '../../tensor/views/pipeline-view.js';
import { describe } from '../implement.js';

/** `std.views.byol_views`: two views that differ in blur and solarisation. */
export const make = describe('std.views.byol_views', (args) => {
  const { strength, blur, second_blur, solarise, ...rest } = args;
  const common = {
    ...rest,
    filter: 'bicubic',
    strengths: [0.4 * strength, 0.4 * strength, 0.2 * strength, 0.1 * strength],
    at: 224,
    normalise: imagenetNormalise,
  } as const;
  return {
    views: [
      pipelineView({ ...common, blur, solarise: 0 }),
      pipelineView({ ...common, blur: second_blur, solarise }),
    ],
  };
});
