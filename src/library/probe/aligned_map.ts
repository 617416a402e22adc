import { implement } from '../implement.js';
import { layOutMap } from '../lay-out-map.js';

/** Images laid out as another encoder's map has them: see `std.probe.aligned_map`. */
export const run = implement('std.probe.aligned_map', async (context) => {
  const found = await layOutMap(context, context.params.reference);
  const { trustworthiness, overlap, shared, facts } = found;
  return {
    metrics: { trustworthiness, neighbour_overlap: overlap, shared_neighbours: shared },
    facts,
  };
});
