import { patchesAside } from '../../tensor/jigsaw.js';
import { describe } from '../implement.js';

/** `std.views.own_patches`: views whose last is changed patch by patch. */
export const make = describe('std.views.own_patches', ({ views: { views, ...given } }) => ({
  ...given,
  views: views.map((view, place) =>
    place === views.length - 1 ? { ...view, cells: patchesAside } : view,
  ),
}));
