import { pipelineView } from '../../tensor/views/pipeline-view.js';
import { describe } from '../implement.js';

/** `std.views.swav_views`: two global views and small local ones, all by SimCLR's colours. */
export const make = describe('std.views.swav_views', (args) => {
  const { size, local_size, locals, scale, local_scale, strength, ...rest } = args;
  const common = {
    ...rest,
    filter: 'bilinear',
    strengths: [0.8 * strength, 0.8 * strength, 0.8 * strength, 0.2 * strength],
    solarise: 0,
    // The official code's own deviation of red, 0.228.
    normalise: { mean: [0.485, 0.456, 0.406], std: [0.228, 0.224, 0.225] },
  } as const;
  const global = pipelineView({ ...common, size, scale, at: 224 });
  const local = pipelineView({ ...common, size: local_size, scale: local_scale, at: 96 });
  return { views: [global, global, ...Array.from({ length: locals }, () => local)] };
});
