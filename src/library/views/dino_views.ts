import { imagenetNormalise, pipelineView } from '../../tensor/views/pipeline-view.js';
import { describe } from '../implement.js';

/** `std.views.dino_views`: two global views as BYOL's, and small local ones. */
export const make = describe('std.views.dino_views', (args) => {
  const { size, local_size, locals, scale, local_scale, strength, solarise, ...rest } = args;
  const common = {
    ...rest,
    filter: 'bicubic',
    strengths: [0.4 * strength, 0.4 * strength, 0.2 * strength, 0.1 * strength],
    normalise: imagenetNormalise,
  } as const;
  const global = { ...common, size, scale, at: 224 };
  const local = { ...common, size: local_size, scale: local_scale, at: 96 };
  return {
    views: [
      pipelineView({ ...global, blur: 1, solarise: 0 }),
      pipelineView({ ...global, blur: 0.1, solarise }),
      ...Array.from({ length: locals }, () => pipelineView({ ...local, blur: 0.5, solarise: 0 })),
    ],
  };
});
