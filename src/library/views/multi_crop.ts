import { invariant } from '../../base/errors.js';
import { describe } from '../implement.js';

/** `std.views.multi_crop`: the views of one pipeline, then more by another. */
export const make = describe('std.views.multi_crop', ({ globals, locals, count }) => ({
  views: [
    ...globals.views,
    ...Array.from({ length: count }, (_, index) => {
      const view = locals.views[index % locals.views.length];
      invariant(view !== undefined, 'views make at least one');
      return view;
    }),
  ],
}));
