import { implement } from '../implement.js';
import { layOutMap } from '../lay-out-map.js';

/** Images laid out in the plane by their features: see `std.probe.embedding_map`. */
export const run = implement('std.probe.embedding_map', async (context) => {
  const { trustworthiness, overlap, facts } = await layOutMap(context);
  return { metrics: { trustworthiness, neighbour_overlap: overlap }, facts };
});
