import { createRng } from '../../tensor/rng.js';
import { drawViews, joinDraws } from '../../tensor/views/draws/draw-views.js';
import type { Extent } from '../../tensor/views/draws/extent.js';
import { arraysUnder, type HostArrays } from '../../tensor/views/draws/host-array.js';
import { viewArrays } from '../../tensor/views/draws/view-arrays.js';
import type { Views } from '../stage.js';
import { groupsOf } from './view-groups.js';

/** What the steps of a training draw for their views. */
export interface Drawing {
  readonly views: Views;
  readonly extent: Extent;
  readonly seed: number;
  /** Does each view have a stream of its own, by its number? The one view of a classifier has the step's. */
  readonly numbered: boolean;
}

/**
 * What the views of a step are drawn as, for `viewsFrom`: view v of image i by the stream (`views`, step, v),
 * split by i.
 */
export function drawnViews({ views, extent, seed, numbered }: Drawing, step: number): HostArrays {
  const arrays = groupsOf(views, extent).map(({ view, members }, index) => {
    const draws = members.map((member) =>
      drawViews(view, extent, createRng(seed, 'views', step, ...(numbered ? [member] : []))),
    );
    return arraysUnder(`${index}`, viewArrays(view, joinDraws(draws), extent));
  });
  return Object.assign({}, ...arrays);
}
