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
}

/**
 * What the views of a step are drawn as, for `viewsFrom`: view v of pair i by the stream (`views`, step, v),
 * split by i.
 */
export function drawnViews({ views, extent, seed }: Drawing, step: number): HostArrays {
  const arrays = groupsOf(views, extent).map(({ view, members }, index) => {
    const draws = members.map((member) =>
      drawViews(view, extent, createRng(seed, 'views', step, member)),
    );
    return arraysUnder(`${index}`, viewArrays(view, joinDraws(draws), extent));
  });
  return Object.assign({}, ...arrays);
}
